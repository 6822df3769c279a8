// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NostrCore
import RelayTransport
import SyncPlanner
import TestSupport
import Testing

/// However much an upstream or a stranger brings, the others are served.
@Suite(.serialized, .timeLimit(.minutes(10))) struct FloodTests {
    let directory: TemporaryDirectory
    let ours = Event.ours(at: 1_700_000_050)

    init() throws { directory = try TemporaryDirectory() }

    @Test func `thousands of repositories of one stranger are followed to a bound, and others' all the same`()
        async throws
    {
        let theirs = (0..<2000).map { Event.ours("flood-\($0)", by: 9, at: 1_700_000_000 - Int64($0)) }
        let issues = Event.issues(10, of: ours)
        let relay = try await ScriptedRelay(holding: theirs + [ours] + issues)
        try await WireHouse.open(in: directory, bootstrap: [relay]) {
            $0.configuration.limits.repositoriesPerOwnerMax = 50
        } _: { house in
            try await house.gathers([ours] + issues)
            try await eventually("the bound", within: .seconds(150)) {
                house.facts.facts.contains(.overLimit(.repositories))
            }
            try await house.completes()
            #expect(try await house.stand(relay)?.repositories == 51)
            try await house.gathersLive(from: relay, of: ours)
        }
    }

    @Test func `a live flood of what is wanted holds up nobody else, and is stored whole`() async throws {
        let flooding = try await ScriptedRelay()
        let quiet = try await ScriptedRelay(holding: [ours])
        try await WireHouse.open(in: directory, bootstrap: [flooding, quiet]) {
            $0.configuration.limits.unjudgedPerRelayMax = 50
        } _: { house in
            try await house.gathers([ours])
            try await house.completes()
            let flood = (0..<3000).map {
                Event.fixture(
                    kind: .textNote, at: 1_700_001_000 + Int64($0),
                    tags: [.of("a", ours.address?.text.string ?? "")], content: "\($0)", by: 9)
            }
            let live = Event.issue("beside the flood", of: ours, at: 1_799_999_999)
            flooding.publish(flood)
            quiet.publish([live])
            try await house.gathers([live])
            try await house.gathers(flood)
            #expect(flooding.record.conversations == 1, "it was hung up on for what was asked of it")
        }
    }

    @Test func `empty messages are counted, and end the conversation`() async throws {
        let bad = try await ScriptedRelay { $0.greeting = Array(repeating: "", count: 5000) }
        let good = try await ScriptedRelay(holding: [ours])
        let name = try bad.relayURL
        try await WireHouse.open(in: directory, bootstrap: [bad, good]) { house in
            try await eventually("the verdict", within: .seconds(150)) {
                house.facts.facts.contains(.misbehaved(name))
            }
            try await house.gathers([ours])
        }
    }

    @Test func `a message that never ends is given up, and its reason shows`() async throws {
        var frame = WebSocketFrame.text(String(repeating: "[", count: 400))
        frame.mask = nil
        let halfAFrame = Array(frame.encoded.prefix(200))
        let bad = try await ScriptedRelay { script in script.reaction = { _ in .raw(halfAFrame) } }
        let good = try await ScriptedRelay(holding: [ours])
        try await WireHouse.open(in: directory, bootstrap: [bad, good]) {
            $0.transport.messageTimeout = .milliseconds(300)
        } _: { house in
            try await house.gathers([ours])
            try await eventually("the reason", within: .seconds(150)) {
                house.facts.facts.contains {
                    if case .disconnected(_, .unfinishedMessage, _) = $0 { true } else { false }
                }
            }
            let shown = try await house.stand(bad)?.lastFailure
            #expect(shown == LinkEnd.unfinishedMessage.rawValue)
        }
    }
}
