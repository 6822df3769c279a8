// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

/// The scriptable upstream is itself held against a client written by others.
@Suite(.timeLimit(.minutes(2))) struct ScriptedRelayTests {
    @Test func `nostr-sdk's client publishes to it, reads every page and follows live`() async throws {
        let events = (0..<1200).map { Event.fixture(at: 1_700_000_000 + Int64($0 / 3), content: "\($0)") }
        let relay = try await ScriptedRelay(holding: Array(events.prefix(1100)))
        #expect(try await Peer.publish(Array(events.dropFirst(1100).prefix(50)), to: relay.url).isEmpty)
        relay.publish(Array(events.suffix(50)))
        #expect(try await Peer.read(relay.url) == Set(events.map(\.id)))
        let watcher = try await Peer.watch(relay.url, #"{"kinds":[1621]}"#)
        let issue = Event.fixture(kind: .issue, at: 1_900_000_000, content: "live")
        relay.publish([issue])
        _ = try await watcher.output.line("the live event") { $0.contains(issue.id.hex) }
        try await watcher.kill()
    }
}
