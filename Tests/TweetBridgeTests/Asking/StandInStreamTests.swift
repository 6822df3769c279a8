// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import TestSupport
import Testing
import TweetBridge
import TweetCore
import XStandIn

/// The activity stream against the stand-in. Its lines come over a real connection in real time; dates are the stand-in's.
@Suite struct StandInStreamTests {
    @Test func `accounts are followed, their news arrive once, and the books agree`() async throws {
        var settings = XSettings()
        settings.money.billsDeleteEvents = true
        try await StandInTests.run(settings) { x, bench, clock in
            let (ada, bob) = try x.withWorld { (try $0.addUser("ada"), try $0.addUser("bob")) }
            let patient = BridgeClock(now: clock.now) { try await Task.sleep(for: .milliseconds($0)) }
            let client = bench.client(patient)
            let made = try await client.follow([UserID(ada), UserID(bob)])
            #expect(made.made == 2 * Subscription.events.count && made.removed == 0)
            let again = try await client.follow([UserID(ada)])
            #expect(again.made == 0 && again.removed == Subscription.events.count)

            let stream = ActivityStream(client)
            let told = NIOLockedValueBox([StreamEvent.News]())
            let connections = NIOLockedValueBox(0)
            let running = Task { await stream.run() }
            let following = Task {
                for await happening in stream.happenings {
                    switch happening {
                    case .connected: connections.withLockedValue { $0 += 1 }
                    case .event(let event): told.withLockedValue { $0.append(event.news) }
                    case .disconnected: break
                    }
                }
            }
            try await eventually("a connection") { x.withWorld { $0.openStreams } == 1 }
            let id = try x.withWorld { world in
                world.doubleEvents(1)
                let id = try world.post("Hello #nostr", by: ada)
                try world.post("nobody follows bob", by: bob)
                return id
            }
            try await eventually("the post") { told.withLockedValue { $0.count } == 1 }
            x.withWorld { $0.dropStreams() }
            try await eventually("another connection") {
                x.withWorld { $0.openStreams } == 1 && connections.withLockedValue { $0 } == 2
            }
            try x.withWorld { world in
                try world.delete(id)
                try world.change(ada) { $0.bio = "new" }
                try world.rename(ada, to: "lovelace")
            }
            try await eventually("the rest") { told.withLockedValue { $0.count } == 4 }
            let news = told.withLockedValue { $0 }
            guard case .posted(let post, let users) = news[0] else {
                Issue.record("no post")
                return
            }
            #expect(
                post.id == PostID(id) && post.snapshot.author?.handle == "ada"
                    && users.map(\.id) == [UserID(ada)])
            #expect(news[1] == .deleted(PostID(id), author: UserID(ada)))
            #expect(news[2...] == [.profileChanged("bio"), .profileChanged("handle")])
            let spent = await StandInTests.spent(client)
            #expect(spent == StandInTests.charged(x) && spent == 5_000)
            running.cancel()
            await running.value
            await following.value
        }
    }
}
