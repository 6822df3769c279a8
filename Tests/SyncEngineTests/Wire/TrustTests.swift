// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayTransport
import SyncPlanner
import TestSupport
import Testing

/// Nothing that an upstream sends or does not send costs more than that upstream.
@Suite(.serialized, .timeLimit(.minutes(10))) struct TrustTests {
    let directory: TemporaryDirectory
    let ours = Event.ours()
    let issues: [Event]

    init() throws {
        directory = try TemporaryDirectory()
        issues = Event.issues(20, of: ours)
    }

    /// Runs a house with a bad relay that a stranger names beside an honest one, which holds everything.
    private func beside(
        _ bad: ScriptedRelay, in directory: TemporaryDirectory? = nil,
        _ change: (inout WireHouse.Options) -> Void = { _ in }, _ body: (WireHouse) async throws -> Void
    ) async throws {
        let named = Event.ours(on: [bad], at: 1_700_000_050)
        let good = try await ScriptedRelay(holding: [named] + issues)
        try await WireHouse.open(in: directory ?? self.directory, bootstrap: [good]) {
            $0.configuration.answerTimeout = .seconds(1)
            // The honest one answers often: only then is a failure the other's own.
            $0.configuration.heartbeat = .milliseconds(100)
            change(&$0)
        } _: { house in
            try await house.gathers([named] + issues)
            try await house.gathersLive("a live event beside a bad relay", from: good, of: ours)
            try await body(house)
        }
    }

    private func isTold(_ house: WireHouse, _ matches: (SyncFact) -> Bool) async throws {
        try await eventually("the fact", within: .seconds(150)) { house.facts.facts.contains(where: matches) }
    }

    /// That a relay which misbehaved is not dialled for hours.
    private func isLeftAlone(_ bad: ScriptedRelay, by house: WireHouse) async throws {
        try await eventually("the pause", within: .seconds(150)) {
            guard let stand = try await house.stand(bad), stand.health == .misbehaving, stand.next == .dial,
                let pause = stand.nextTryIn
            else { return false }
            return pause > .seconds(3_600)
        }
    }

    @Test func `a forged copy never blocks the good one`() async throws {
        let bad = try await ScriptedRelay(holding: [ours] + issues) { script in
            script.copies = { event, _ in
                let signature = event.text.firstRange(of: "\"sig\":\"")?.upperBound ?? event.text.endIndex
                var forged = Array(event.text)
                let at = event.text.distance(from: event.text.startIndex, to: signature)
                forged[at] = forged[at] == "0" ? "1" : "0"
                return [String(forged), event.text.replacing("\"content\":\"", with: "\"content\":\"x")]
            }
        }
        try await beside(bad) { house in
            try await isTold(house) {
                if case .notStored(_, _, _, _, let forged, _) = $0 { forged > 0 } else { false }
            }
        }
    }

    @Test func `what was not asked for is not stored, and too much of it is misconduct`() async throws {
        let strangers = (0..<60).map { Event.fixture(kind: .textNote, content: "spam \($0)") }
        let bad = try await ScriptedRelay(holding: [ours] + issues) { script in
            script.copies = { event, _ in [event.text] + strangers.map(\.text) }
        }
        try await beside(bad) { house in
            try await isTold(house) { if case .misbehaved = $0 { true } else { false } }
            try await isLeftAlone(bad, by: house)
            for stranger in strangers { #expect(try !house.holds(stranger)) }
        }
    }

    @Test func `duplicates are checked once and change nothing`() async throws {
        let bad = try await ScriptedRelay(holding: issues) { script in
            script.copies = { event, _ in Array(repeating: event.text, count: 20) }
        }
        try await beside(bad) { house in
            try await house.completes()
            try await eventually("every event is told as stored, once", within: .seconds(60)) {
                let stored = house.facts.facts.reduce(0) { sum, fact in
                    if case .stored(_, _, let count) = fact { sum + count } else { sum }
                }
                return stored == issues.count + 2
            }
        }
    }

    @Test func `an endless history ends`() async throws {
        let ours = ours
        let bad = try await ScriptedRelay { script in
            script.reaction = { request in
                guard !request.isLive else { return .answer }
                let until = request.filters.compactMap(\.until?.seconds).min() ?? 1_700_000_000
                let address = ours.address?.text ?? ""
                guard request.filters.contains(where: { $0.values(of: "a")?.contains(address) == true })
                else {
                    return .answer
                }
                return .events(
                    (0..<30).map { .issue("endless \(until) \($0)", of: ours, at: until - 1 - Int64($0)) })
            }
        }
        try await beside(bad) { options in
            options.configuration.limits.pagesPerBatchMax = 5
        } _: { house in
            try await isTold(house) {
                if case .batchFailed(_, _, .endless, _) = $0 { true } else { false }
            }
        }
    }

    @Test func `silence, stalls and drips hold up nobody else`() async throws {
        for change: @Sendable (inout UpstreamScript) -> Void in [
            { $0.reaction = { _ in .ignore } }, { $0.endOfStoredDelay = .seconds(60) },
            { $0.handshake = .silence }, { $0.drip = .init(bytes: 1, every: .milliseconds(20)) },
        ] {
            let bad = try await ScriptedRelay(holding: [ours] + issues, change)
            let good = try await ScriptedRelay(holding: [ours] + issues)
            try await WireHouse.open(in: try TemporaryDirectory(), bootstrap: [bad, good]) {
                $0.configuration.answerTimeout = .milliseconds(500)
            } _: { house in
                try await house.gathers([ours] + issues)
                try await house.gathersLive(from: good, of: ours)
            }
        }
    }

    @Test func `a giant frame ends the conversation it came in`() async throws {
        var frame = WebSocketFrame(opcode: 1, payload: [])
        frame.mask = nil
        frame.claimedLength = 1 << 40
        let giant = frame.encoded
        let bad = try await ScriptedRelay { script in script.reaction = { _ in .raw(giant) } }
        try await beside(bad) { house in
            try await eventually("the end of it", within: .seconds(150)) {
                try await house.stand(bad)?.failedAttempts ?? 0 > 0
            }
        }
    }

    @Test func `damaged messages are counted and passed over`() async throws {
        let bad = try await ScriptedRelay(holding: [ours] + issues) { script in
            script.greeting = [
                "", "{}", "[", "[\"EVENT\"]", "[\"EOSE\",7]", "[[[[", "\u{0}", "[\"EVENT\",\"x\",{}]",
            ]
        }
        try await WireHouse.open(in: directory, bootstrap: [bad]) { house in
            try await house.gathers([ours] + issues)
        }
    }

    @Test func `a stranger cannot have us dial this machine`() async throws {
        let victim = try await ScriptedRelay()
        let lures = [
            victim.url, "ws://localhost:\(victim.port)", "ws://[::ffff:127.0.0.1]:\(victim.port)",
            "ws://127.1:\(victim.port)", "ws://169.254.169.254", "ws://abcdefghijklmnop.onion",
        ]
        let trap = Event.announcement("ours", by: 1, service: WireHouse.domain, relays: lures)
        let good = try await ScriptedRelay(holding: [trap])
        try await WireHouse.open(in: directory, bootstrap: [good]) {
            $0.allowsPrivate = false
        } _: { house in
            try await house.gathers([trap])
            try await eventually("the refusals", within: .seconds(150)) {
                Set(house.facts.refusals).isSuperset(of: ["loopback", "local-name", "metadata", "onion"])
            }
            #expect(victim.record.connections == 0)
            #expect(good.record.openConversations == 1)
        }
    }

    @Test func `many relays at one place get four connections`() async throws {
        let victim = try await ScriptedRelay()
        let ours = Event.announcement(
            "ours", by: 1, service: WireHouse.domain, relays: (0..<15).map { "\(victim.url)/\($0)" })
        let good = try await ScriptedRelay(holding: [ours])
        try await WireHouse.open(in: directory, bootstrap: [good]) { house in
            try await house.gathers([ours])
            try await eventually("refusals", within: .seconds(150)) {
                house.facts.refusals.count { $0 == "busy-address" } > 5
            }
            #expect(victim.record.openConversations <= 4)
        }
    }

    @Test func `misconduct is remembered over a restart`() async throws {
        let bad = try await ScriptedRelay { $0.handshake = .garbage(Array("SSH-2.0-x\r\n\r\n".utf8)) }
        for round in 0..<2 {
            bad.forget()
            try await beside(bad) { house in
                try await eventually("the verdict", within: .seconds(150)) {
                    try await house.stand(bad)?.health == .misbehaving
                }
                try await isLeftAlone(bad, by: house)
                if round == 1 { #expect(bad.record.connections == 0, "dialled though it misbehaves") }
            }
        }
    }

    @Test func `the dead are tried rarely, and come back`() async throws {
        let only = Event.issue("only there", of: ours, at: 1_700_000_200)
        let relay = try await ScriptedRelay(holding: [only])
        try await relay.close()
        try await beside(relay) {
            $0.configuration.deadAfter = .milliseconds(50)
            $0.configuration.deadRetry = .seconds(2)
        } _: { house in
            try await eventually("death", within: .seconds(150)) {
                try await house.stand(relay)?.health == .dead
            }
            try await relay.open()
            try await house.gathers([only])
            try await eventually("health", within: .seconds(150)) {
                try await house.stand(relay)?.health == .healthy
            }
        }
    }
}
