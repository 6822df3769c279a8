// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing
import TweetBridge
import TweetCore

/// Writes down what a stream tells.
private final class Follower: Sendable {
    private let box = NIOLockedValueBox([Happening]())
    var told: [Happening] { box.withLockedValue { $0 } }
    var connections: Int { told.count { $0 == .connected } }
    var events: [StreamEvent] {
        told.compactMap { happening in
            if case .event(let event) = happening { return event }
            return nil
        }
    }

    func follow(_ stream: ActivityStream) async {
        for await happening in stream.happenings { box.withLockedValue { $0.append(happening) } }
    }
}

@Suite struct ActivityStreamTests {
    private static func line(_ number: Int, uuid: String? = nil) -> String {
        #"{"data":{"event_uuid":"\#(uuid ?? "u\(number)")","filter":{"user_id":"1"},"event_type":"post.create","payload":{"id":"\#(number)","text":"t","author_id":"1"}}}"#
            + "\r\n"
    }

    private static func clock(_ time: VirtualClock) -> BridgeClock {
        BridgeClock(now: { 1_785_000_000_000 + time.uptime.nanoseconds / 1_000_000 }) { span in
            try await time.sleep(until: time.now.advanced(by: .milliseconds(span)))
        }
    }

    /// Runs a stream against a server, with somebody who follows it.
    private func run(
        limits: StreamLimits = StreamLimits(),
        policy: SpendPolicy = SpendPolicy(cap: 100_000_000, reserved: [:]),
        _ answer: @escaping @Sendable (ScriptedX.Request, Int) async -> ScriptedX.Answer = { _, _ in .stream
        },
        _ body: @Sendable (ScriptedX, VirtualClock, Follower, XClient) async throws -> Void
    ) async throws {
        let time = VirtualClock()
        try await Bench.run(answer) { server, bench in
            bench.policy = policy
            let client = bench.client(Self.clock(time))
            let stream = ActivityStream(client, limits: limits)
            let follower = Follower()
            let running = Task { await stream.run() }
            let following = Task { await follower.follow(stream) }
            let result: Result<Void, any Error>
            do { result = .success(try await body(server, time, follower, client)) } catch {
                result = .failure(error)
            }
            running.cancel()
            await running.value
            await following.value
            try result.get()
        }
    }

    @Test func `events are told as they come, each once, and charged`() async throws {
        try await run { server, _, follower, client in
            try await eventually("a connection") { server.streams == 1 && follower.connections == 1 }
            server.tell("\r\n" + Self.line(1) + Self.line(1) + "nonsense\r\n" + Self.line(2))
            try await eventually("two events") { follower.events.count == 2 }
            server.tell(String(Self.line(3).prefix(20)))
            server.tell(String(Self.line(3).dropFirst(20)))
            try await eventually("the third event") { follower.events.count == 3 }
            #expect(follower.events.map(\.uuid) == ["u1", "u2", "u3"])
            try await eventually("the charge") { await client.ledger.spent == 15_000 }
            #expect(
                server.requests[0].headers["accept-encoding"] == "identity"
                    && server.requests[0].token == "app-secret")
        }
    }

    @Test func `a connection ends after thirty seconds of silence, counted from what came last`() async throws
    {
        try await run { server, time, follower, _ in
            try await eventually("the watch") { follower.connections == 1 && time.sleepers == 1 }
            time.advance(by: .seconds(20))
            // What comes moves the end from 30 to 50 s.
            server.tell("\r\n" + Self.line(1))
            try await eventually("an event") { follower.events.count == 1 }
            time.advance(by: .seconds(10))
            try await eventually("the next watch") { time.sleepers == 1 }
            #expect(follower.told.last != .disconnected)
            time.advance(by: .seconds(20))
            try await eventually("the end") {
                follower.told.last == .disconnected && time.sleepers == 1
            }
            time.advance(by: .milliseconds(250))
            try await eventually("another connection") { follower.connections == 2 }
        }
    }

    @Test func `a connection that ends is made again, ever later`() async throws {
        try await run { server, time, follower, _ in
            for number in 1...3 {
                try await eventually("connection \(number)") {
                    follower.connections == number && server.streams == 1
                }
                server.endStreams()
                try await eventually("the end") { follower.told.last == .disconnected && time.sleepers == 1 }
                time.advance(by: .milliseconds(250 * number - 1))
                #expect(server.requests.count == number)
                time.advance(by: .milliseconds(1))
            }
            try await eventually("the last connection") { follower.connections == 4 }
        }
    }

    @Test func `429 waits a minute, a refusal five seconds`() async throws {
        try await run(
            limits: StreamLimits(),
            { _, number in
                switch number {
                case 0: .reply(429, "{}")
                case 1: .reply(403, #"{"title":"Forbidden"}"#)
                default: .stream
                }
            }
        ) { server, time, follower, _ in
            try await eventually("the first wait") { follower.told == [.disconnected] && time.sleepers == 1 }
            time.advance(by: .milliseconds(59_999))
            #expect(server.requests.count == 1)
            time.advance(by: .milliseconds(1))
            try await eventually("the second wait") { follower.told.count == 2 && time.sleepers == 1 }
            time.advance(by: .seconds(5))
            try await eventually("a connection") { follower.connections == 1 }
        }
    }

    @Test func `X's last words end the connection`() async throws {
        try await run { server, time, follower, _ in
            try await eventually("a connection") { server.streams == 1 }
            server.tell(
                #"{"errors":[{"title":"operational-disconnect","type":"x/operational-disconnect"}]}"# + "\r\n"
            )
            try await eventually("the end") {
                follower.told == [.connected, .disconnected] && time.sleepers == 1
            }
            time.advance(by: .seconds(5))
            try await eventually("another connection") { follower.connections == 2 }
        }
    }

    @Test func `the stream stops when the day's money is spent`() async throws {
        try await run(policy: SpendPolicy(cap: 12_000, reserved: [:])) { server, time, follower, client in
            try await eventually("a connection") { server.streams == 1 }
            server.tell(Self.line(1))
            try await eventually("an event") { follower.events.count == 1 }
            server.tell(Self.line(2))
            try await eventually("the end") { follower.told.last == .disconnected && time.sleepers == 1 }
            let (left, nextDay) = await client.available(for: .ownPosts)
            #expect(left == 2_000)
            time.advance(by: .milliseconds(nextDay - Self.clock(time).now()))
            try await eventually("the next day's connection") { follower.connections == 2 }
        }
    }

    @Test func `what nobody takes ends the connection, and is not lost in silence`() async throws {
        let time = VirtualClock()
        try await Bench.run({ _, _ in .stream }) { server, bench in
            var limits = StreamLimits()
            limits.waitingMax = 3
            let stream = ActivityStream(bench.client(Self.clock(time)), limits: limits)
            let running = Task { await stream.run() }
            try await eventually("a connection") { server.streams == 1 }
            for number in 1...10 { server.tell(Self.line(number)) }
            try await eventually("the end") { server.streams == 0 }
            // Whoever comes back hears of a new connection after what was kept.
            let follower = Follower()
            let following = Task { await follower.follow(stream) }
            try await eventually("what was kept") { follower.events.count == 2 }
            try await eventually("another connection") {
                time.advance(by: .seconds(1))
                return follower.connections == 2
            }
            running.cancel()
            await running.value
            await following.value
        }
    }
}
