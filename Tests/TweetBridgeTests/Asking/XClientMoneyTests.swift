// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import Testing
import TweetBridge
import TweetCore

@Suite struct XClientMoneyTests {
    private static let timeline = XQuestion.timeline(UserID(1), PageRange())

    /// A page of so many posts from this number on.
    static func page(_ count: Int, from first: Int = 1) -> String {
        let posts = (first..<(first + count)).map { #"{"id":"\#($0)","text":"t","author_id":"1"}"# }
        return #"{"data":[\#(posts.joined(separator: ","))]}"#
    }

    @Test func `the reservation is kept before the request is sent, and settled after it`() async throws {
        let shelves = NIOLockedValueBox<RowShelf?>(nil)
        let held = NIOLockedValueBox<[Int]>([])
        try await Bench.run({ _, _ in
            let count = shelves.withLockedValue { $0?.held ?? -1 }
            held.withLockedValue { $0.append(count) }
            return .reply(200, Self.page(3))
        }) { _, bench in
            shelves.withLockedValue { $0 = bench.shelf }
            let client = bench.client()
            _ = try await client.ask(Self.timeline, for: .ownPosts)
            #expect(held.withLockedValue { $0 } == [1] && bench.shelf.held == 0)
            let (restored, changes) = SpendLedger.restored(bench.shelf.rows, at: bench.time.now)
            #expect(restored.spent == 15_000 && changes.isEmpty)
        }
    }

    @Test func `without a ledger nothing is asked`() async throws {
        try await Bench.run({ _, _ in .reply(200, Self.page(1)) }) { server, bench in
            bench.shelf.breaks(true)
            let client = bench.client()
            let failure = await refusal { () throws(XFailure) in
                _ = try await client.ask(Self.timeline, for: .ownPosts)
            }
            #expect(failure?.label == "transient" && server.requests.isEmpty)
            bench.shelf.breaks(false)
            _ = try await client.ask(Self.timeline, for: .ownPosts)
            let ledger = await client.ledger
            #expect(ledger.spent == 5_000 && bench.shelf.held == 0)
        }
    }

    @Test func `what could not be kept after an answer is kept with the next`() async throws {
        let shelves = NIOLockedValueBox<RowShelf?>(nil)
        try await Bench.run({ _, number in
            if number == 0 { shelves.withLockedValue { $0?.breaks(true) } }
            return .reply(200, Self.page(1, from: number + 1))
        }) { _, bench in
            shelves.withLockedValue { [shelf = bench.shelf] in $0 = shelf }
            let client = bench.client()
            _ = try await client.ask(Self.timeline, for: .ownPosts)
            bench.shelf.breaks(false)
            _ = try await client.ask(Self.timeline, for: .ownPosts)
            #expect(SpendLedger.restored(bench.shelf.rows, at: bench.time.now).0.spent == 10_000)
        }
    }

    @Test func `reading stops at the cent`() async throws {
        try await Bench.run({ request, number in
            let size =
                request.uri.split(separator: "max_results=").last.flatMap { Int($0.prefix { $0.isNumber }) }
                ?? 0
            return .reply(200, Self.page(size, from: 1 + number * 1_000))
        }) { server, bench in
            bench.policy = SpendPolicy(cap: 700_000, reserved: [:])
            let client = bench.client()
            let whole = try await client.ask(Self.timeline, for: .ownPosts).posts.count
            #expect(whole == 100)
            let rest = try await client.ask(Self.timeline, for: .ownPosts).posts.count
            #expect(rest == 40)
            let failure = await refusal { () throws(XFailure) in
                _ = try await client.ask(Self.timeline, for: .ownPosts)
            }
            let midnight = (UTCMoment.day(bench.time.now) + 1) * 86_400_000
            #expect(failure == .overBudget(until: midnight) && server.requests.count == 2)
            #expect(await client.ledger.spent == 700_000)
            bench.time.advance(by: midnight - bench.time.now)
            let tomorrow = try await client.ask(Self.timeline, for: .ownPosts).posts.count
            #expect(tomorrow == 100)
        }
    }

    @Test func `questions at the same time do not pass the cap together`() async throws {
        try await Bench.run({ _, number in .reply(200, Self.page(100, from: 1 + number * 1_000)) }) {
            _, bench in
            bench.policy = SpendPolicy(cap: 1_200_000, reserved: [:])
            let client = bench.client()
            let answers = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        (try? await client.ask(.search("a", PageRange(size: 100)), for: .mentions)) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(answers >= 2)
            // A page that was asked to be small and comes large is charged as it came.
            let ledger = await client.ledger
            #expect(ledger.underWay == 0 && bench.shelf.held == 0)
        }
    }

    @Test func `an answer that stays unreadable is charged once a day`() async throws {
        try await Bench.run({ _, _ in .reply(200, #"{"data":[{"id":"x"}]}"#) }) { _, bench in
            bench.settings.retries.attemptsMax = 2
            let client = bench.client()
            for _ in 0..<2 {
                let failure = await refusal { () throws(XFailure) in
                    _ = try await client.ask(Self.timeline, for: .ownPosts)
                }
                #expect(failure?.label == "transient")
            }
            #expect(await client.ledger.spent == 500_000)
        }
    }

    @Test func `posting is off, costs more with a link, and is not tried twice`() async throws {
        try await Bench.run({ request, number in
            if number == 3 { return .close }
            return request.method == "POST"
                ? .reply(201, #"{"data":{"id":"77","text":"t"}}"#)
                : .reply(200, #"{"data":{"deleted":true}}"#)
        }) { server, bench in
            let user = KnownToken(asker: Asker(.user, name: "me"), secret: Secret("user-secret"))
            bench.sources.append(user)
            let off = bench.client()
            #expect(
                await refusal { () throws(XFailure) in _ = try await off.post(PostDraft(text: "hi")) }
                    == .forbidden("posting to X is off"))
            bench.settings.mayWrite = true
            let client = bench.client()
            let plain = try await client.post(PostDraft(text: "hi"))
            #expect(plain == PostID(77))
            let linked = try await client.post(PostDraft(text: "see https://a.test"))
            #expect(linked == PostID(77))
            let isGone = try await client.delete(PostID(77))
            #expect(isGone)
            #expect(server.requests.map(\.token) == Array(repeating: "user-secret", count: 3))
            #expect(server.requests[0].body == #"{"text":"hi"}"# && server.requests[2].path == "/2/tweets/77")
            #expect(await client.ledger.spent == 15_000 + 200_000 + 10_000)
            // It may have been made: that is for the caller to find out, and paid for.
            let failure = await refusal { () throws(XFailure) in
                _ = try await client.post(PostDraft(text: "hi"))
            }
            #expect(failure?.label == "transient" && server.requests.count == 4)
            #expect(await client.ledger.spent == 240_000)
            #expect(bench.ear.heard.spent == 240_000)
        }
    }
}

/// A token that is what it is.
struct KnownToken: TokenSource {
    let asker: Asker
    var owner: UserID?
    let secret: Secret

    func token() async throws(XFailure) -> Secret { secret }
    func token(insteadOf refused: Secret) async throws(XFailure) -> Secret { throw .unauthorized("refused") }
}
