// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Logging
import NIOConcurrencyHelpers
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite(.serialized, .enabled(if: RedisServer.path != nil, "redis-server is not installed"))
struct RedisInboxTests {
    private func item(_ text: String, _ moderation: String? = "approved") -> String {
        let said = moderation.map { #","moderation":"\#($0)""# } ?? ""
        return
            #"{"action":"tweet","payload":{"text":"\#(text)"},"created_at":"2026-07-31T18:40:40Z"\#(said)}"#
    }

    private func settings(_ server: RedisServer) -> RedisInboxSettings {
        var settings = RedisInboxSettings(server.address)
        settings.backoff = (20, 100)
        settings.trustsApproval = true
        return settings
    }

    /// Runs an inbox until `end` holds.
    private func run(
        _ inbox: RedisInbox, until end: @escaping @Sendable () async throws -> Bool
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await inbox.run() }
            try await eventually("the end of the inbox' work", within: .seconds(60)) { try await end() }
            group.cancelAll()
            let stopping = ContinuousClock.now
            try await group.waitForAll()
            #expect(ContinuousClock.now - stopping < .seconds(1))
        }
    }

    @Test func `what is pushed is in our queue, and only what is approved can be done`() async throws {
        let (world, server) = (try BridgeWorld(), try await RedisServer(password: "p@ss"))
        try await server.push(
            item("one"), item("two", nil), item("three", "pending"), item("four", "rejected"), item("one"),
            #"{"action":"dm","payload":{"to":"5"},"moderation":"approved"}"#, "no JSON",
            #"{"action":"like","payload":{}}"#)
        let inbox = RedisInbox(settings(server), into: world.store, logger: Logger(label: "inbox"))
        try await run(inbox) {
            try await server.isDone()
        }
        let jobs = try world.store.jobs(limit: 99)
        #expect(jobs.map(\.state) == [.ready, .waiting, .waiting, .refused, .ready])
        #expect(jobs.map(\.action) == ["tweet", "tweet", "tweet", "tweet", "dm"])
        #expect(try world.store.items(.pending, limit: 9).map(\.preview) == ["two", "three"])
        let leased = try await world.store.lease(from: OutboundQueue.name, to: "w", for: 1_000, limit: 9)
        #expect(leased.map(\.payload) == [#"{"text":"one"}"#, #"{"to":"5"}"#])
        let rejected = try await server.list("write_queue:rejected")
        #expect(rejected.count == 2)
        #expect(rejected[0].contains("there is no such action") && rejected[1].contains("it is no JSON"))
        try await server.stop()
    }

    @Test func `where nobody says that approval is believed, everything waits`() async throws {
        let (world, server) = (try BridgeWorld(), try await RedisServer())
        try await server.push(item("one"))
        let settings = RedisInboxSettings(server.address)
        try await run(RedisInbox(settings, into: world.store, logger: Logger(label: "inbox"))) {
            try world.store.jobs(limit: 9).count == 1
        }
        #expect(try world.store.jobs(limit: 9).map(\.state) == [.waiting])
        try await server.stop()
    }

    @Test func `the list of what was refused is bounded`() async throws {
        let (world, server) = (try BridgeWorld(), try await RedisServer())
        for number in 0..<20 {
            try await server.push("rubbish \(number) \(String(repeating: "x", count: 200))")
        }
        var settings = settings(server)
        (settings.rejectedMax, settings.rejectedBytes) = (5, 50)
        try await run(RedisInbox(settings, into: world.store, logger: Logger(label: "inbox"))) {
            try await server.isDone()
        }
        let rejected = try await server.list("write_queue:rejected")
        #expect(rejected.count == 5)
        #expect(rejected[0].contains("rubbish 19") && rejected.allSatisfy { $0.utf8.count < 200 })
        try await server.stop()
    }

    @Test(arguments: [SubmissionFault.before, .after])
    func `who dies between taking and putting away loses nothing and does nothing twice`(
        fault: SubmissionFault
    ) async throws {
        let server = try await RedisServer()
        let directory = try TemporaryDirectory()
        let submissions = NIOLockedValueBox(0)
        do {
            let world = try BridgeWorld(in: directory) {
                submissions.withLockedValue {
                    $0 += 1; return $0 >= 3 ? fault : .none
                }
            }
            for number in 0..<12 { try await server.push(item("item \(number)")) }
            try await run(RedisInbox(settings(server), into: world.store, logger: Logger(label: "inbox"))) {
                submissions.withLockedValue { $0 > 4 }
            }
            await world.ingest.shutdown()
        }
        let inHand = try await server.list("write_queue:processing").count
        let waiting = try await server.list("write_queue").count
        // What is on the disk leaves the hand the next time.
        #expect(fault == .after || inHand + waiting == 10 && inHand > 0)
        let world = try await BridgeWorld.again(in: directory, at: BridgeWorld.noon)
        try await run(RedisInbox(settings(server), into: world.store, logger: Logger(label: "inbox"))) {
            try await server.isDone()
        }
        let texts = try world.store.jobs(limit: 99).map(\.payload)
        #expect(texts == (0..<12).map { #"{"text":"item \#($0)"}"# })
        try await server.stop()
    }

    @Test func `a lost connection is made again, and a server that comes later is found`() async throws {
        let port = try RedisServer.freePort()
        let world = try BridgeWorld()
        var settings = RedisInboxSettings(try RedisAddress("redis://127.0.0.1:\(port)/2"))
        settings.backoff = (20, 100)
        let connected = NIOLockedValueBox(0)
        let news = InboxNews { if $0 == .connected { connected.withLockedValue { $0 += 1 } } }
        let inbox = RedisInbox(settings, into: world.store, logger: Logger(label: "inbox"), news: news)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await inbox.run() }
            let server = try await RedisServer(port: port)
            try await server.push(item("one"))
            try await eventually("the first", within: .seconds(60)) {
                try world.store.jobs(limit: 9).count == 1
            }
            _ = try await server.link.ask(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"])
            try await server.push(item("two"))
            try await eventually("the second", within: .seconds(60)) {
                try world.store.jobs(limit: 9).count == 2
            }
            try await server.stop()
            let again = try await RedisServer(port: port)
            try await again.push(item("three"))
            try await eventually("the third", within: .seconds(60)) {
                try world.store.jobs(limit: 9).count == 3
            }
            group.cancelAll()
            try await group.waitForAll()
            try await again.stop()
        }
        #expect(connected.withLockedValue { $0 } >= 3)
    }

    @Test func `a wrong password is a clear failure, and is not repeated`() async throws {
        let server = try await RedisServer(password: "right")
        let link = RedisLink(try RedisAddress("redis://:wrong-one@127.0.0.1:\(server.port)/0"))
        do {
            try await link.connect()
            Issue.record("connected")
        } catch {
            #expect("\(error)".contains("WRONGPASS") && !"\(error)".contains("wrong-one"))
        }
        await link.close()
        try await server.stop()
    }
}
