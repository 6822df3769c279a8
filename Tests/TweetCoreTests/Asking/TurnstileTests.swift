// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct TurnstileTests {
    private static let app = Asker(.app, name: "app")
    private static let user = Asker(.user, name: "me")

    private func end(
        _ turnstile: inout Turnstile, _ failure: XFailure?, _ who: Asker = app, at now: Int64 = 0
    ) {
        turnstile.ended(.search, with: who, headers: nil, failure: failure, at: now)
    }

    @Test func `the first credential that may is taken`() throws {
        var turnstile = Turnstile([Self.app, Self.user])
        #expect(try turnstile.admit(.search, at: 0) == Self.app)
        #expect(try turnstile.admit(.me, at: 0) == Self.user)
        var alone = Turnstile([Self.app])
        #expect(throws: XFailure.forbidden("no credential may use users/me")) { try alone.admit(.me, at: 0) }
    }

    @Test func `limits are counted for each credential and route`() throws {
        var turnstile = Turnstile([Self.app, Self.user])
        for _ in 0..<75 { #expect(try turnstile.admit(.quotes, at: 0) == Self.app) }
        for _ in 0..<75 { #expect(try turnstile.admit(.quotes, at: 0) == Self.user) }
        #expect(throws: XFailure.limited(until: 905_000)) { try turnstile.admit(.quotes, at: 0) }
        #expect(try turnstile.admit(.search, at: 0) == Self.app)
    }

    /// R12: quotes stop early.
    @Test func `quotes and counts leave the last ten requests of a limit to what is more important`() throws {
        var turnstile = Turnstile([Self.app])
        for _ in 0..<65 { _ = try turnstile.admit(.quotes, leaving: SpendPurpose.quotes.leaves, at: 0) }
        #expect(throws: XFailure.limited(until: 905_000)) {
            try turnstile.admit(.quotes, leaving: SpendPurpose.metrics.leaves, at: 0)
        }
        for _ in 0..<10 { _ = try turnstile.admit(.quotes, leaving: SpendPurpose.mentions.leaves, at: 0) }
        #expect(throws: XFailure.limited(until: 905_000)) { try turnstile.admit(.quotes, at: 0) }
    }

    @Test func `429 closes one route until X's moment`() throws {
        var turnstile = Turnstile([Self.app])
        _ = try turnstile.admit(.search, at: 0)
        end(&turnstile, .limited(until: 50_000))
        #expect(throws: XFailure.limited(until: 50_000)) { try turnstile.admit(.search, at: 49_999) }
        _ = try turnstile.admit(.userPosts, at: 0)
        _ = try turnstile.admit(.search, at: 50_000)
    }

    @Test func `without money nobody asks, but for one an hour`() throws {
        var turnstile = Turnstile([Self.app, Self.user])
        _ = try turnstile.admit(.search, at: 0)
        end(&turnstile, .outOfCredits)
        #expect(throws: XFailure.outOfCredits) { try turnstile.admit(.search, at: 3_599_999) }
        #expect(try turnstile.admit(.search, at: 3_600_000) == Self.app)
        end(&turnstile, nil, at: 3_600_000)
        #expect(try turnstile.admit(.search, at: 3_600_001) == Self.app)
    }

    @Test func `a cap and a refused token close a credential, not the other`() throws {
        for failure in [XFailure.usageCapped(until: 9_000), .unauthorized("refused")] {
            var turnstile = Turnstile([Self.app, Self.user])
            _ = try turnstile.admit(.search, at: 0)
            end(&turnstile, failure)
            #expect(try turnstile.admit(.search, at: 1) == Self.user)
            turnstile.resume(Self.app)
            #expect(try turnstile.admit(.search, at: 2) == Self.app)
        }
    }

    @Test func `how much is used can be asked while nothing may be read`() throws {
        var turnstile = Turnstile([Self.app])
        _ = try turnstile.admit(.search, at: 0)
        end(&turnstile, .usageCapped(until: 9_000))
        _ = try turnstile.admit(.usage, at: 1)
        turnstile.ended(.usage, with: Self.app, headers: nil, failure: nil, at: 1)
        #expect(throws: XFailure.usageCapped(until: 9_000)) { try turnstile.admit(.search, at: 2) }
    }

    @Test func `of several refusals the one that ends first is told`() throws {
        var turnstile = Turnstile([Self.app, Self.user])
        _ = try turnstile.admit(.search, at: 0)
        end(&turnstile, .unauthorized("refused"))
        _ = try turnstile.admit(.search, at: 0)
        end(&turnstile, .limited(until: 70_000), Self.user)
        #expect(throws: XFailure.limited(until: 70_000)) { try turnstile.admit(.search, at: 1) }
    }

    @Test func `after five questions without an answer it rests, then lets one through`() throws {
        var turnstile = Turnstile([Self.app])
        for _ in 0..<5 {
            _ = try turnstile.admit(.search, at: 0)
            end(&turnstile, .transient("down"))
            turnstile.gaveUp(at: 0)
        }
        #expect(throws: Turnstile.resting) { try turnstile.admit(.search, at: 29_999) }
        _ = try turnstile.admit(.search, at: 30_000)
        #expect(throws: Turnstile.resting) { try turnstile.admit(.search, at: 30_000) }
        end(&turnstile, .transient("down"), at: 30_000)
        turnstile.gaveUp(at: 30_000)
        // The rest doubles.
        #expect(throws: Turnstile.resting) { try turnstile.admit(.search, at: 89_999) }
        _ = try turnstile.admit(.search, at: 90_000)
        end(&turnstile, .limited(until: 90_001), at: 90_000)
        #expect(!turnstile.isResting)
        _ = try turnstile.admit(.search, at: 90_001)
    }

    @Test func `a question that never ends does not keep it resting, and the stream does not wait for it`()
        throws
    {
        var turnstile = Turnstile([Self.app])
        for _ in 0..<5 { turnstile.gaveUp(at: 0) }
        _ = try turnstile.admit(.search, at: 30_000)
        #expect(throws: Turnstile.resting) { try turnstile.admit(.search, at: 89_999) }
        _ = try turnstile.admit(.stream, isPatient: true, at: 89_999)
        _ = try turnstile.admit(.search, at: 90_000)
    }
}
