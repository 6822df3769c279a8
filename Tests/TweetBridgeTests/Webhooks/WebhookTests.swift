// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct WebhookTests {
    private let secret = Secret("0123456789abcdef")
    private let told = NIOLockedValueBox<[WebhookNews: Int]>([:])

    private func hook(_ name: String, _ receiver: HookReceiver, allowsPrivate: Bool = true) throws -> Webhook
    {
        try Webhook(
            name: name, url: "http://127.0.0.1:\(receiver.port)/hook", secret: secret,
            allowsPrivate: allowsPrivate)
    }

    private func webhooks(
        _ world: BridgeWorld, _ hooks: [Webhook], _ change: (inout WebhookLimits) -> Void = { _ in }
    ) -> Webhooks {
        var limits = WebhookLimits()
        limits.ageMax = .max
        limits.timeout = 3_000
        change(&limits)
        let clock = BridgeClock(now: { world.now }, sleep: { _ in try await Task.sleep(for: .seconds(60)) })
        return Webhooks(hooks, of: world.store, limits: limits, clock: clock, logger: Logger(label: "hooks"))
        {
            news in told.withLockedValue { $0[news, default: 0] += 1 }
        }
    }

    private func mirror(_ id: UInt64, in world: BridgeWorld) async throws {
        _ = try await world.store.store([.fixture(id)], todo: [TodoRequest(PostID(id))])
        _ = try await world.store.publish(.of(id))
    }

    @Test func `each receiver is told of each new post, signed`() async throws {
        let (world, receiver) = (try BridgeWorld(), try await HookReceiver())
        try await mirror(1, in: world)
        let hooks = try [hook("a", receiver), hook("b", receiver)]
        let webhooks = webhooks(world, hooks)
        #expect(try await webhooks.follow() == false)
        try await mirror(2, in: world)
        _ = await world.ingest.submit(
            [ParsedEvent(event: .fixture(content: "a client's", by: 9))], from: .bridge)
        while try await webhooks.follow() {}
        for hook in hooks { while try await webhooks.deliver(to: hook) {} }
        let messages = receiver.messages.withLockedValue { $0 }
        #expect(messages.count == 2)
        for message in messages {
            let text = String(decoding: message.body, as: UTF8.self)
            #expect(text.contains(#""type":"post.mirrored""#) && text.contains(#""id":"2""#))
            #expect(text.contains(Event.mirroring(2).text))
            let seconds = try #require(
                message.headers.first(name: "X-Rookery-Timestamp").flatMap { Int64($0) })
            #expect(
                message.headers.first(name: "X-Rookery-Signature")
                    == WebhookSignature.of(message.body, at: Timestamp(seconds), secret: secret))
        }
        #expect(Set(messages.compactMap { $0.headers.first(name: "X-Rookery-Delivery") }).count == 2)
        // Nobody is told twice.
        while try await webhooks.follow() {}
        for hook in hooks { #expect(try await webhooks.deliver(to: hook) == false) }
        try await receiver.stop()
    }

    @Test func `what fails is sent again, and given up in the end`() async throws {
        let (world, receiver) = (try BridgeWorld(), try await HookReceiver())
        receiver.answers.withLockedValue {
            $0 =
                [(.internalServerError, [:]), (.tooManyRequests, ["Retry-After": "100"]), (.ok, [:])]
                + [(.found, ["Location": "http://127.0.0.1:1/"])]
                + Array(repeating: (.notFound, [:]), count: 3)
        }
        let hook = try hook("a", receiver)
        let webhooks = webhooks(world, [hook]) { $0.attempts = 3 }
        _ = try await webhooks.follow()
        try await mirror(1, in: world)
        while try await webhooks.follow() {}
        for wait in [2_000, 106_000, 0] {
            #expect(try await webhooks.deliver(to: hook))
            #expect(try await webhooks.deliver(to: hook) == false)
            world.pass(Int64(wait))
        }
        #expect(try world.store.job(1)?.state == .done)
        // No redirect is followed.
        try await mirror(2, in: world)
        while try await webhooks.follow() {}
        while try await webhooks.deliver(to: hook) {}
        #expect(try world.store.job(2)?.state == .dead)
        try await mirror(3, in: world)
        while try await webhooks.follow() {}
        for _ in 0..<3 {
            while try await webhooks.deliver(to: hook) {}
            world.pass(100_000)
        }
        #expect(try world.store.job(3)?.state == .dead)
        #expect(receiver.messages.withLockedValue { $0.count } == 7)
        #expect(told.withLockedValue { $0 } == [.delivered: 1, .again: 4, .givenUp: 2])
        try await receiver.stop()
    }

    @Test func `a private address is refused unless it is allowed, and so is a name that leads there`()
        async throws
    {
        let receiver = try await HookReceiver()
        let sender = WebhookSender(timeout: 20_000, clock: .system)
        let refused = WebhookAnswer.failed(
            .permanent, "its address is private, and that is not allowed for it")
        #expect(await sender.send([], id: "1", to: try hook("a", receiver, allowsPrivate: false)) == refused)
        let port = receiver.port
        let name = try Webhook(name: "n", url: "http://hook.example:\(port)/", secret: secret)
        let lying = WebhookSender(timeout: 20_000, clock: .system) { _, port in
            [try SocketAddress(ipAddress: "127.0.0.1", port: port)]
        }
        #expect(await lying.send([], id: "1", to: name) == refused)
        let open = try Webhook(
            name: "n", url: "http://hook.example:\(port)/", secret: secret, allowsPrivate: true)
        #expect(await lying.send([], id: "1", to: open) == .delivered)
        let metadata = WebhookSender(timeout: 20_000, clock: .system) { _, port in
            [try SocketAddress(ipAddress: "169.254.169.254", port: port)]
        }
        #expect(await metadata.send([], id: "1", to: open) == refused)
        try await receiver.stop()
        #expect(await lying.send([], id: "1", to: open) == .failed(.transient, "no connection"))
    }

    @Test func `what waits is bounded, and what is old or taken back is no news`() async throws {
        let (world, receiver) = (try BridgeWorld(), try await HookReceiver())
        let hook = try hook("a", receiver)
        let bounded = webhooks(world, [hook]) { $0.waiting = 2 }
        _ = try await bounded.follow()
        for id in 1...4 { try await mirror(UInt64(id), in: world) }
        while try await bounded.follow() {}
        #expect(try world.store.jobs(limit: 9).count == 2)
        let deletion = Event.fixture(kind: 5, at: 1_700_000_001, content: "", by: 10)
        _ = try await world.store.publish(
            Publication([.init(deletion, .deletion(of: [Event.mirroring(1).id]))]))
        while try await bounded.deliver(to: hook) {}
        #expect(receiver.messages.withLockedValue { $0.count } == 1)
        let young = webhooks(world, [hook]) { $0.ageMax = 1_000 }
        try await mirror(5, in: world)
        while try await young.follow() {}
        #expect(try world.store.jobs(limit: 9).count == 2)
        try await receiver.stop()
    }

    @Test func `it runs by itself, and stops at once`() async throws {
        let (world, receiver) = (try BridgeWorld(), try await HookReceiver())
        let webhooks = webhooks(world, [try hook("a", receiver)])
        _ = try await webhooks.follow()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await webhooks.run() }
            for id in 1...5 { try await mirror(UInt64(id), in: world) }
            try await eventually("the messages") { receiver.messages.withLockedValue { $0.count } == 5 }
            group.cancelAll()
            let stopping = ContinuousClock.now
            try await group.waitForAll()
            #expect(ContinuousClock.now - stopping < .seconds(4))
        }
        try await receiver.stop()
    }

    @Test(arguments: [
        "ftp://a/", "http://", "http://u:p@a/", "http://a/#f", "http://a:0/", "/x", "http://a b/",
    ])
    func `what is no address of a receiver is refused`(url: String) {
        #expect(throws: Webhook.Refusal.url) { try Webhook(name: "a", url: url, secret: secret) }
        #expect(throws: Webhook.Refusal.name) { try Webhook(name: "a b", url: "http://a/", secret: secret) }
        #expect(throws: Webhook.Refusal.secret) {
            try Webhook(name: "a", url: "http://a/", secret: Secret("short"))
        }
    }

    @Test func `a receiver that is named by its URL has one name, and another URL another`() throws {
        let (one, again) = (
            try Webhook(url: "http://a/", secret: secret), try Webhook(url: "http://a/", secret: secret)
        )
        let other = try Webhook(url: "http://a/b", secret: secret)
        #expect(one == again && one.name != other.name)
    }
}
