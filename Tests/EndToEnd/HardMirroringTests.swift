// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

/// Streams to relays that are silent, refuse, flood or lie.
@Suite(.timeLimit(.minutes(5))) struct HardMirroringTests {
    private static let events = (0..<20).map {
        Event.fixture(at: 1_740_000_000 + Int64($0), content: "\($0)")
    }
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory("hard") }

    @Test func `a relay that never answers is left and tried again, and clients notice nothing`() async throws
    {
        let silent = try await ScriptedRelay { script in
            script.reaction = { _ in .ignore }
            script.refusal = { _ in "" }
        }
        let good = try await ScriptedRelay(holding: Self.events)
        var rookery = try MirroringRookery("a", in: directory)
        try await rookery.start(mirroring: [silent.url, good.url])
        try await rookery.holds(Self.events)
        try await eventually("another try", within: .seconds(60)) { silent.record.conversations > 1 }
        let status = try await rookery.status()
        #expect(status.contains("it does not answer"), "\(status)")
    }

    @Test func `a relay that refuses everything is sent each event once, and what it said is told`()
        async throws
    {
        let closed = try await ScriptedRelay { script in
            script.refusal = { _ in "restricted: members only" }
        }
        var rookery = try MirroringRookery("a", in: directory)
        try await rookery.start(mirroring: [closed.url], "up")
        try await rookery.publish(Self.events)
        try await eventually("every event", within: .seconds(30)) { closed.record.published.count >= 20 }
        closed.hangUp()
        try await eventually("another conversation") { closed.record.conversations > 1 }
        let last = Event.fixture(content: "last")
        try await rookery.publish([last])
        try await eventually("the last") { closed.record.published.contains(last.id) }
        #expect(Set(closed.record.published).count == closed.record.published.count, "nothing twice")
        let metrics = try #require(try await rookery.process?.metrics())
        let sent = #"rookery_stream_events_sent_total{stream="mirror",result="restricted"}"#
        try await eventually("the answer") { try await rookery.process?.metrics()[sent] == 21 }
        #expect(metrics[sent] ?? 0 >= 20)
        #expect(try await rookery.status().contains("not taken"))
    }

    @Test func `a relay that floods with what nobody asked for is left, and nothing of it is stored`()
        async throws
    {
        let strays = (0..<400).map { Event.fixture(kind: 7, at: 1_740_000_000 + Int64($0), content: "\($0)") }
        let flooding = try await ScriptedRelay { script in
            script.reaction = { _ in .events(strays + strays + strays) }
        }
        var rookery = try MirroringRookery("a", in: directory)
        try await rookery.start(mirroring: [flooding.url], "down", filter: #"{"kinds":[1]}"#)
        try await eventually("the end of it", within: .seconds(30)) {
            try await rookery.status().contains("it sends what was not asked for")
        }
        #expect(try await rookery.ids().isEmpty)
    }

    @Test func `what is forged is refused, what is true is taken, and a plugin is told whence it comes`()
        async throws
    {
        let plugin = try directory.write(
            """
            while read -r line; do
              id=$(printf '%s' "$line" | sed 's/.*"id":"\\([0-9a-f]\\{64\\}\\)".*/\\1/')
              case $line in *'"sourceType":"Stream"'*) say=accept ;; *) say=reject ;; esac
              printf '{"id":"%s","action":"%s","msg":"blocked: no"}\\n' "$id" "$say"
            done
            """, to: "plugin.sh")
        let lying = try await ScriptedRelay(holding: Self.events) { script in
            // Every other one has another content than its id says.
            script.copies = { event, _ in
                event.createdAt.seconds % 2 == 0
                    ? [event.text] : [event.text.replacing(#""content":""#, with: #""content":"x"#)]
            }
        }
        var rookery = try MirroringRookery("a", in: directory)
        try await rookery.start(
            mirroring: [lying.url], "down",
            more: "[relay.plugin]\ncommand = \"bash \(plugin)\"\n")
        try await rookery.holds(Self.events.filter { $0.createdAt.seconds % 2 == 0 })
    }
}
