// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import RelayTransport
import TestSupport
import Testing

@testable import RelayServer

/// Rates over real sockets; the clock stands still unless a test moves it.
@Suite struct RateLimitTests {
    private final class StillClock: Sendable {
        private let moment = NIOLockedValueBox(Uptime.zero)
        var uptime: @Sendable () -> Uptime { { [self] in moment.withLockedValue { $0 } } }
        func advance(_ span: Duration) { moment.withLockedValue { $0 = $0 + span } }
    }

    private func withRelay(
        _ change: (inout RateLimits) -> Void, proxies: [String] = [],
        _ body: (TestRelay, StillClock) async throws -> Void
    ) async throws {
        let clock = StillClock()
        try await TestRelay.run(
            uptime: clock.uptime,
            configure: { configuration in
                configuration.rates.exempt = []
                configuration.transportLimits.trustedProxies = proxies.compactMap(AddressPrefix.init)
                configuration.transportLimits.barsLocalAddresses = true
                change(&configuration.rates)
            }, { try await body($0, clock) })
    }

    private func event(_ number: Int, by author: Int = 1) -> Event {
        .fixture(content: "\(number)", by: author)
    }

    /// The reason of an OK; `nil` when the event was accepted.
    private func refusal(of event: Event, by client: NostrClient) async throws -> String? {
        guard case .ok(_, let accepted, let reason) = try await client.publish(event) else { return "no OK" }
        return accepted ? nil : reason
    }

    /// What a conversation begun on behalf of somebody is answered with.
    private func status(of relay: TestRelay, _ forwarded: String?) async throws -> Int {
        do {
            let headers = forwarded.map { ["X-Forwarded-For": $0] } ?? [:]
            _ = try await RawWebSocket.connect(to: relay.port, headers: headers)
            return 101
        } catch let refused as RawWebSocket.Refused {
            return refused.answer.status
        }
    }

    private static let inASecond = "rate-limited: too much in a short time, try again in 1 s"

    @Test func `events beyond the rate are refused with the time to wait, and taken after it`() async throws {
        try await withRelay({ $0.events = Rate(perSecond: 1, burst: 3) }) { relay, clock in
            let client = try await NostrClient.connect(to: relay)
            for number in 0..<3 { #expect(try await refusal(of: event(number), by: client) == nil) }
            #expect(try await refusal(of: event(3), by: client) == Self.inASecond)
            // Another conversation from the same address is no way out.
            let other = try await NostrClient.connect(to: relay)
            #expect(try await refusal(of: event(3), by: other) == Self.inASecond)
            clock.advance(.seconds(1))
            #expect(try await refusal(of: event(3), by: client) == nil)
            #expect(relay.meter.counts.limited == [.events: 2])
        }
    }

    @Test func `requests and counts beyond the rate are closed`() async throws {
        try await withRelay({ $0.requests = Rate(perSecond: 1, burst: 2) }) { relay, clock in
            let client = try await NostrClient.connect(to: relay)
            try await client.request("a", #"{"kinds":[1]}"#)
            try await client.say(#"["COUNT","b",{"kinds":[1]}]"#)
            _ = try await client.hear()
            for verb in ["REQ", "COUNT"] {
                try await client.say(#"["\#(verb)","c",{"kinds":[1]}]"#)
                #expect(try await client.hearClosed("c") == Self.inASecond)
            }
            // What was open is still served.
            try await client.say(event(1).publication)
            let heard = try await client.hear(2)
            #expect(heard.contains(.ok(event(1).id, accepted: true, message: "")))
            #expect(heard.contains(.event("a", event(1))))
            #expect(relay.meter.counts.limited == [.requests: 2])
            clock.advance(.seconds(1))
            try await client.request("c", #"{"kinds":[2]}"#)
        }
    }

    @Test func `an author is charged for what was new and true, from wherever it came, and nobody else is`()
        async throws
    {
        try await withRelay({ $0.keyEvents = Rate(perSecond: 1, burst: 2) }) { relay, clock in
            let client = try await NostrClient.connect(to: relay)
            // A stranger's forgeries and copies cost the author nothing.
            for number in 100..<105 {
                let (mine, other) = (event(number), event(number, by: 2))
                let forged = mine.text.replacing(mine.id.hex, with: other.id.hex)
                try await client.say("[\"EVENT\",\(forged)]")
                #expect(try await client.hearRefusal(of: TagValue(other.id.hex)).hasPrefix("invalid: "))
            }
            for _ in 0..<5 { #expect(try await refusal(of: event(0), by: client) == nil) }
            let other = try await NostrClient.connect(to: relay)
            #expect(try await refusal(of: event(1), by: other) == nil)
            #expect(try await refusal(of: event(2), by: client) == Self.inASecond)
            #expect(try await refusal(of: event(2, by: 2), by: client) == nil)
            clock.advance(.seconds(1))
            #expect(try await refusal(of: event(2), by: client) == nil)
            #expect(relay.meter.counts.limited == [.keyEvents: 1])
        }
    }

    @Test func `bytes count, whatever they say`() async throws {
        try await withRelay({ $0.bytes = Rate(perSecond: 100, burst: 1_000) }) { relay, clock in
            let client = try await NostrClient.connect(to: relay)
            for _ in 0..<4 {
                try await client.say(String(repeating: " ", count: 250))
                _ = try await client.hearNotice()
            }
            #expect(try await refusal(of: event(1), by: client)?.hasPrefix("rate-limited: ") == true)
            clock.advance(.seconds(10))
            #expect(try await refusal(of: event(1), by: client) == nil)
        }
    }

    @Test func `whoever goes on and on is shown the door, and may not come back at once`() async throws {
        try await withRelay({ $0.requests = Rate(perSecond: 1, burst: 1) }) { relay, _ in
            let client = try await NostrClient.connect(to: relay)
            try await client.sayTogether(
                Array(repeating: #"["COUNT","a",{"kinds":[1]}]"#, count: 2_100))
            #expect(try await client.socket.closeCode() == 1008)
            try await eventually("the ban") {
                do {
                    _ = try await RawWebSocket.connect(to: relay.port)
                    return false
                } catch let refused as RawWebSocket.Refused { return refused.answer.status == 429 }
            }
        }
    }

    @Test func `conversations begun too fast are answered 429 before the upgrade`() async throws {
        try await withRelay({ $0.connections = Rate(perSecond: 0.1, burst: 2) }) { relay, clock in
            for _ in 0..<2 { _ = try await RawWebSocket.connect(to: relay.port) }
            let refused = await #expect(throws: RawWebSocket.Refused.self) {
                try await RawWebSocket.connect(to: relay.port)
            }
            #expect(refused?.answer.status == 429)
            #expect(refused?.answer.headers["retry-after"] == "11")
            clock.advance(.seconds(10))
            _ = try await RawWebSocket.connect(to: relay.port)
        }
    }

    @Test
    func `a trusted proxy's clients are told apart, and what others write into the header counts nothing`()
        async throws
    {
        try await withRelay({ $0.connections = Rate(perSecond: 0.1, burst: 1) }, proxies: ["127.0.0.1"]) {
            relay, _ in
            let first = try await status(of: relay, "198.51.100.1")
            #expect(first == 101)
            #expect(try await status(of: relay, "198.51.100.1") == 429)
            #expect(try await status(of: relay, "203.0.113.7, 198.51.100.1") == 429)
            #expect(try await status(of: relay, "198.51.100.2, 127.0.0.1") == 101)
            #expect(try await status(of: relay, "2001:db8::1") == 101)
            #expect(try await status(of: relay, "[2001:db8::2]:4711") == 429)
            for _ in 0..<5 { #expect(try await status(of: relay, nil) == 101) }
        }
        try await withRelay {
            $0.connections = Rate(perSecond: 0.1, burst: 1)
        } _: { relay, _ in
            _ = try await RawWebSocket.connect(to: relay.port)
            await #expect(throws: RawWebSocket.Refused.self) {
                try await RawWebSocket.connect(to: relay.port, headers: ["X-Forwarded-For": "198.51.100.1"])
            }
        }
    }

    @Test
    func `a blocked address is kept out and cut off behind a trusted proxy, and the proxy's others are not`()
        async throws
    {
        try await withRelay({ _ in }, proxies: ["127.0.0.1"]) { relay, _ in
            func connect(_ address: String) async throws -> RawWebSocket {
                try await .connect(to: relay.port, headers: ["X-Forwarded-For": address])
            }
            let (bad, good) = (try await connect("198.51.100.1"), try await connect("198.51.100.2"))
            let prefix = try #require(AddressPrefix("198.51.100.1"))
            relay.server.block(AddressPrefixSet([prefix]))
            #expect(try await bad.closeCode() == 1008)
            #expect(try await status(of: relay, "198.51.100.1") == 403)
            #expect(try await status(of: relay, "203.0.113.7, 198.51.100.1") == 403)
            // What a client writes in front of the proxy's word blocks nobody.
            #expect(try await status(of: relay, "198.51.100.1, 198.51.100.2") == 101)
            try await NostrClient(socket: good).expectSilence()
            relay.server.block(AddressPrefixSet([]))
            #expect(try await status(of: relay, "198.51.100.1") == 101)
        }
    }

    @Test func `nobody on this machine is limited unless asked for`() async throws {
        try await TestRelay.run(configure: { $0.rates.requests = Rate(perSecond: 1, burst: 1) }) { relay in
            let client = try await NostrClient.connect(to: relay)
            for _ in 0..<20 { try await client.request("a", #"{"kinds":[1]}"#) }
        }
    }
}
