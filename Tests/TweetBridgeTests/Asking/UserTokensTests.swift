// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import Testing
import TweetBridge
import TweetCore

/// Keeps tokens in memory, and what happened in order.
final class TokenShelf: TokenKeeping {
    struct Broken: Error {}
    private let state: NIOLockedValueBox<(pair: TokenPair?, isBroken: Bool, saves: Int)>

    init(_ pair: TokenPair?) { state = NIOLockedValueBox((pair, false, 0)) }

    var pair: TokenPair? { state.withLockedValue { $0.pair } }
    var saves: Int { state.withLockedValue { $0.saves } }
    func put(_ pair: TokenPair) { state.withLockedValue { $0.pair = pair } }
    func breaks(_ isBroken: Bool) { state.withLockedValue { $0.isBroken = isBroken } }

    func load(_ name: String) async throws -> TokenPair? { pair }
    func save(_ pair: TokenPair, _ name: String) async throws {
        try state.withLockedValue { state in
            if state.isBroken { throw Broken() }
            state.pair = pair
            state.saves += 1
        }
    }
}

@Suite struct UserTokensTests {
    private static let start: Int64 = 1_785_000_000_000
    private static let page = #"{"data":{"id":"1","username":"a","name":"A"}}"#

    private static func pair(_ number: Int, age: Int64 = 0) -> TokenPair {
        TokenPair(
            access: Secret("access-\(number)"), refresh: Secret("refresh-\(number)"), obtainedAt: start - age,
            expiresAt: start - age + 7_200_000, rotation: number)
    }

    /// A token server that hands out the next pair for each refresh token once, and an API that takes the newest access token.
    private static func answer(_ current: NIOLockedValueBox<Int>)
        -> @Sendable (ScriptedX.Request, Int) async -> ScriptedX.Answer
    {
        { request, _ in
            if request.path == "/2/oauth2/token" {
                return current.withLockedValue { number in
                    guard request.body.contains("refresh_token=refresh-\(number)") else {
                        return .reply(
                            400,
                            #"{"error":"invalid_request","error_description":"Value passed for the token was invalid."}"#
                        )
                    }
                    number += 1
                    return .reply(
                        200,
                        #"{"token_type":"bearer","expires_in":7200,"access_token":"access-\#(number)","refresh_token":"refresh-\#(number)"}"#
                    )
                }
            }
            return request.token == "access-\(current.withLockedValue { $0 })"
                ? .reply(200, page) : .reply(401, #"{"title":"Unauthorized","status":401}"#)
        }
    }

    private func expect(_ tokens: UserTokens, gives text: String) async throws {
        #expect(try await tokens.token().revealed == text)
    }

    private func tokens(_ bench: Bench, _ shelf: TokenShelf, secret: Secret? = Secret("s")) -> UserTokens {
        UserTokens(
            name: "me", owner: { UserID(1) }, client: OAuthClient(id: "id", secret: secret), keeper: shelf,
            transport: bench.transport, clock: bench.time.clock)
    }

    @Test func `a token is used until four fifths of its life, then renewed and saved`() async throws {
        let current = NIOLockedValueBox(1)
        try await Bench.run(Self.answer(current)) { server, bench in
            let shelf = TokenShelf(Self.pair(1))
            bench.sources = [tokens(bench, shelf)]
            let client = bench.client()
            _ = try await client.ask(.me, for: .references)
            #expect(server.requests.map(\.path) == ["/2/users/me"])
            bench.time.advance(by: 5_760_000)
            _ = try await client.ask(.me, for: .references)
            #expect(server.requests.map(\.path) == ["/2/users/me", "/2/oauth2/token", "/2/users/me"])
            #expect(shelf.pair?.access.revealed == "access-2" && shelf.saves == 1)
            #expect(server.requests[1].headers["authorization"] == "Basic aWQ6cw==")
            #expect(server.requests[1].headers["content-type"] == "application/x-www-form-urlencoded")
        }
    }

    @Test func `many askers make one renewal`() async throws {
        try await Bench.run(Self.answer(NIOLockedValueBox(1))) { server, bench in
            let tokens = tokens(bench, TokenShelf(Self.pair(1, age: 7_000_000)))
            let found = await withTaskGroup(of: String?.self) { group in
                for _ in 0..<20 { group.addTask { try? await tokens.token().revealed } }
                return await group.reduce(into: Set<String?>()) { $0.insert($1) }
            }
            #expect(found == ["access-2"] && server.requests.count == 1)
        }
    }

    @Test func `401 renews once and asks once more`() async throws {
        let current = NIOLockedValueBox(1)
        try await Bench.run(Self.answer(current)) { server, bench in
            let shelf = TokenShelf(Self.pair(1))
            // X has ended the access token early.
            var old = Self.pair(1)
            old.access = Secret("ended")
            shelf.put(old)
            bench.sources = [tokens(bench, shelf)]
            _ = try await bench.client().ask(.me, for: .references)
            #expect(server.requests.map(\.path) == ["/2/users/me", "/2/oauth2/token", "/2/users/me"])
            #expect(bench.ear.heard.renewals == 1)
        }
    }

    @Test func `401 that stays is told, not asked for ever`() async throws {
        try await Bench.run({ request, number in
            request.path == "/2/oauth2/token"
                ? .reply(200, #"{"access_token":"a\#(number)","refresh_token":"r\#(number)"}"#)
                : .reply(401, #"{"title":"Unauthorized"}"#)
        }) { server, bench in
            bench.sources = [tokens(bench, TokenShelf(Self.pair(1)))]
            let client = bench.client()
            for _ in 0..<2 {
                let failure = await refusal { () throws(XFailure) in
                    _ = try await client.ask(.me, for: .references)
                }
                #expect(failure == .unauthorized("Unauthorized"))
            }
            #expect(server.requests.count == 3)
        }
    }

    @Test func `a spent refresh token leads back to the store`() async throws {
        let shelf = TokenShelf(Self.pair(1, age: 7_000_000))
        // While the request is under way, another process saves what it got for the same token.
        try await Bench.run({ request, _ in
            shelf.put(Self.pair(2))
            return .reply(400, #"{"error":"invalid_request"}"#)
        }) { server, bench in
            let tokens = tokens(bench, shelf)
            try await expect(tokens, gives: "access-2")
            #expect(server.requests.count == 1)
        }
    }

    @Test func `what another process renewed before is taken from the store`() async throws {
        try await Bench.run(Self.answer(NIOLockedValueBox(1))) { server, bench in
            let shelf = TokenShelf(Self.pair(1))
            let tokens = tokens(bench, shelf)
            try await expect(tokens, gives: "access-1")
            shelf.put(
                TokenPair(
                    access: Secret("other"), refresh: nil, obtainedAt: Self.start + 6_000_000,
                    expiresAt: Self.start + 13_200_000, rotation: 2))
            bench.time.advance(by: 6_000_000)
            try await expect(tokens, gives: "other")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func `a refused refresh token ends it, without a newer pair`() async throws {
        try await Bench.run(Self.answer(NIOLockedValueBox(5))) { server, bench in
            let tokens = tokens(bench, TokenShelf(Self.pair(1, age: 7_000_000)))
            #expect(
                await refusal { () throws(XFailure) in _ = try await tokens.token() }
                    == .unauthorized("the refresh token is refused"))
            #expect(server.requests.count == 1)
        }
    }

    @Test func `a new pair that cannot be saved is not used, and not lost`() async throws {
        try await Bench.run(Self.answer(NIOLockedValueBox(1))) { server, bench in
            let shelf = TokenShelf(Self.pair(1, age: 7_000_000))
            shelf.breaks(true)
            let tokens = tokens(bench, shelf)
            for _ in 0..<2 {
                let failure = await refusal { () throws(XFailure) in _ = try await tokens.token() }
                #expect(failure == .transient("the new tokens cannot be saved"))
            }
            shelf.breaks(false)
            try await expect(tokens, gives: "access-2")
            #expect(server.requests.count == 1 && shelf.pair?.rotation == 2)
        }
    }

    @Test func `after a restart the saved pair goes on`() async throws {
        let current = NIOLockedValueBox(1)
        try await Bench.run(Self.answer(current)) { server, bench in
            let shelf = TokenShelf(Self.pair(1, age: 7_000_000))
            for number in 2...4 {
                try await expect(tokens(bench, shelf), gives: "access-\(number)")
                bench.time.advance(by: 7_000_000)
            }
            #expect(shelf.pair?.rotation == 4 && server.requests.count == 3)
        }
    }

    @Test func `while X's token server is away, the rest of the old token's life is used`() async throws {
        try await Bench.run({ _, _ in .reply(503, "") }) { _, bench in
            let tokens = tokens(bench, TokenShelf(Self.pair(1, age: 6_000_000)))
            try await expect(tokens, gives: "access-1")
            bench.time.advance(by: 1_300_000)
            #expect(
                await refusal { () throws(XFailure) in _ = try await tokens.token() }
                    == .transient("the token server answers 503"))
        }
    }

    @Test func `a public client names itself in the form`() async throws {
        try await Bench.run(Self.answer(NIOLockedValueBox(1))) { server, bench in
            _ = try await tokens(bench, TokenShelf(Self.pair(1, age: 7_000_000)), secret: nil).token()
            #expect(
                server.requests[0].headers["authorization"] == nil
                    && server.requests[0].body.hasSuffix("&client_id=id"))
        }
    }

    @Test func `a new consent takes the place of the old one at once, and of a renewal under way`()
        async throws
    {
        try await Bench.run({ request, _ in
            request.body.contains("grant_type=authorization_code&code=c&redirect_uri=r&code_verifier=v")
                ? .reply(200, #"{"access_token":"new","refresh_token":"n"}"#)
                : .reply(200, #"{"access_token":"old","refresh_token":"o"}"#)
        }) { server, bench in
            let shelf = TokenShelf(Self.pair(3, age: 7_000_000))
            let tokens = tokens(bench, shelf)
            async let renewed = tokens.token()
            try await tokens.begin(with: .code(Secret("c"), verifier: Secret("v"), redirect: "r"))
            #expect(["old", "new"].contains(try await renewed.revealed))
            try await expect(tokens, gives: "new")
            #expect(shelf.pair?.refresh?.revealed == "n" && (shelf.pair?.rotation ?? 0) > 3)
        }
    }

    @Test func `a consent that X does not take leaves everything as it was`() async throws {
        try await Bench.run({ _, _ in .reply(400, #"{"error":"invalid_request"}"#) }) { _, bench in
            let shelf = TokenShelf(Self.pair(1))
            let tokens = tokens(bench, shelf)
            let failure = await refusal { () throws(XFailure) in
                try await tokens.begin(with: .refresh(Secret("spent")))
            }
            guard case .unauthorized = failure else {
                return #expect(Bool(false), "\(String(describing: failure))")
            }
            try await expect(tokens, gives: "access-1")
            #expect(shelf.pair == Self.pair(1))
        }
    }
}
