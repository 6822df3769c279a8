// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// Many upstreams of which half are dead or stall, with few places for those that are being dialled.
@Suite(.serialized, .timeLimit(.minutes(10))) struct StallTests {
    /// Healthy ones, and bad ones.
    private static let half = 12

    /// Refuses, never answers the upgrade, stalls in the middle of a page or of a frame, or sends byte by byte.
    private func bad(_ number: Int, holding events: [Event]) async throws -> ScriptedRelay {
        var frame = WebSocketFrame.text(String(repeating: "[", count: 400))
        frame.mask = nil
        let halfAFrame = Array(frame.encoded.prefix(200))
        let relay = try await ScriptedRelay(holding: events) { script in
            switch number % 6 {
            case 0, 1: script.handshake = .silence
            case 2: script.endOfStoredDelay = .seconds(3600)
            case 3: script.reaction = { $0.isLive ? .answer : .raw(halfAFrame) }
            case 4: script.drip = .init(bytes: 1, every: .milliseconds(200), sparesHandshake: true)
            default: break
            }
        }
        if number % 6 == 5 { try await relay.close() }
        return relay
    }

    @Test func `everything of the healthy half arrives while the others stall`() async throws {
        var (good, bad) = ([ScriptedRelay](), [ScriptedRelay]())
        let ours = Event.ours()
        var expected = [ours]
        for number in 0..<Self.half {
            let issue = Event.issue("of \(number)", of: ours, at: 1_700_000_100 + Int64(number))
            expected.append(issue)
            good.append(try await ScriptedRelay(holding: [ours, issue]))
            bad.append(try await self.bad(number, holding: [ours]))
        }
        try await WireHouse.open(in: try TemporaryDirectory(), bootstrap: bad + good) { options in
            options.configuration.limits.dialsMax = 2
            options.configuration.slowDialAfter = .milliseconds(50)
            // Who does not answer the upgrade holds on to its dial for longer than the test may take.
            options.connectTimeout = .hours(1)
            options.configuration.answerTimeout = .seconds(2)
        } _: { house in
            try await house.gathers(expected, "the history of the healthy half")
            let live = good.enumerated().map { number, relay in
                let issue = Event.issue("live \(number)", of: ours, at: 1_799_999_000 + Int64(number))
                relay.publish([issue])
                return issue
            }
            try await house.gathers(live, "what the healthy half publishes")
        }
    }
}
