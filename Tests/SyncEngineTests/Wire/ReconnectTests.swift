// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// Fresh start, reconnects and audits, over real sockets.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ReconnectTests {
    let directory: TemporaryDirectory
    let ours = Event.ours()
    let issues: [Event]

    init() throws {
        directory = try TemporaryDirectory()
        issues = Event.issues(20, of: ours)
    }

    @Test func `a fresh start gathers what is there, then what comes`() async throws {
        let relay = try await ScriptedRelay(holding: [ours] + issues)
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await house.gathers([ours] + issues)
            try await house.completes()
            try await house.gathersLive(from: relay, of: ours)
            // The new root's history may still be read.
            try await eventually("the end of that", within: .seconds(150)) {
                try await house.stand(relay)?.status == .connected
            }
        }
        try await eventually("the goodbye", within: .seconds(150)) { relay.record.openConversations == 0 }
    }

    @Test
    func `after a short absence history is asked from the cursor less the overlap, and nothing is lost`()
        async throws
    {
        let relay = try await ScriptedRelay(holding: [ours] + issues)
        try await WireHouse.open(in: directory, bootstrap: [relay]) { options in
            options.configuration.overlap = .seconds(1000)
        } _: { house in
            try await house.gathers([ours] + issues)
            try await house.completes()
            try await relay.close()
            let late = Event.issue("published while away, dated back", of: ours, at: 1_799_999_100)
            relay.plant([late])
            relay.forget()
            try await relay.open()
            try await house.gathers([late])
            try await house.completes()
            let histories = relay.record.histories.flatMap(\.filters).filter { !$0.isAbout(late) }
            #expect(!histories.isEmpty)
            let oldest = histories.map { $0.since?.seconds ?? 0 }.min() ?? 0
            #expect((1_799_998_900...1_799_999_100).contains(oldest), "\(oldest)")
        }
    }

    @Test func `after a long absence everything is asked anew`() async throws {
        let relay = try await ScriptedRelay(holding: [ours] + issues)
        try await WireHouse.open(in: directory, bootstrap: [relay]) {
            $0.configuration.quickReconnectWindow = .zero
        } _: { house in
            try await house.gathers([ours] + issues)
            try await house.completes()
            try await relay.close()
            let old = Event.issue("came late and is very old", of: ours, at: 1_600_000_000)
            relay.plant([old])
            relay.forget()
            let left = house.clock()
            try await eventually("a second of absence", within: .seconds(150)) {
                house.clock() > left.advanced(by: 1)
            }
            try await relay.open()
            try await house.gathers([old])
        }
    }

    @Test func `an audit finds what no reconnect would`() async throws {
        let relay = try await ScriptedRelay(holding: [ours] + issues)
        try await WireHouse.open(in: directory, bootstrap: [relay]) {
            $0.configuration.dailyResync = .milliseconds(200)...Duration.milliseconds(300)
        } _: { house in
            try await house.gathers([ours] + issues)
            let old = Event.issue("never told, and very old", of: ours, at: 1_600_000_000)
            relay.plant([old])
            try await house.gathers([old])
            try await eventually("the end of an audit", within: .seconds(150)) {
                house.facts.facts.contains { if case .auditCompleted = $0 { true } else { false } }
            }
            #expect(relay.record.conversations == 1, "an audit needs no new conversation")
        }
    }

    @Test func `after a restart only the overlap is asked for`() async throws {
        let relay = try await ScriptedRelay(holding: [ours] + issues)
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await house.gathers([ours] + issues)
            try await house.completes()
        }
        relay.forget()
        let late = Event.issue("late", of: ours, at: 1_800_000_000)
        relay.plant([late])
        try await WireHouse.open(in: directory, bootstrap: [relay]) {
            $0.wall = 1_800_000_060
        } _: { house in
            try await house.gathers([late])
            try await house.completes()
        }
        let asked = relay.record.histories.flatMap(\.filters).filter { !$0.isAbout(late) }
        #expect(asked.allSatisfy { $0.since != nil }, "a whole history was asked for again")
        #expect(relay.record.eventsSent < 10)
    }
}

extension Filter {
    /// Whether it asks for what names this event: what is new has no cursor.
    fileprivate func isAbout(_ event: Event) -> Bool {
        tags.contains { $0.values.contains(TagValue(event.id.hex)) }
    }
}
