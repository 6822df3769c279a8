// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport
import Testing

/// What upstreams ask of their clients is obeyed, and what they do not say is found out.
@Suite(.serialized, .timeLimit(.minutes(10))) struct MannersTests {
    let directory: TemporaryDirectory
    let ours = Event.ours()

    init() throws { directory = try TemporaryDirectory() }

    private func issues(_ count: Int, perSecond: Int = 1) -> [Event] {
        (0..<count).map { .issue("\($0)", of: ours, at: 1_700_000_100 + Int64($0 / perSecond)) }
    }

    @Test func `pages are read to the end though the relay caps its answers silently`() async throws {
        let issues = issues(60)
        let relay = try await ScriptedRelay(holding: [ours] + issues) { $0.maxLimit = 20 }
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await house.gathers([ours] + issues)
            try await house.completes()
        }
    }

    @Test func `a page that is one second long is read with a higher limit`() async throws {
        let issues = issues(510, perSecond: 510)
        let relay = try await ScriptedRelay(holding: [ours] + issues)
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await house.gathers([ours] + issues)
            try await house.completes()
        }
    }

    @Test func `a second that the relay will not tell whole is a visible gap`() async throws {
        let issues = issues(60, perSecond: 60)
        let relay = try await ScriptedRelay(holding: [ours] + issues) { $0.maxLimit = 25 }
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await eventually("the gap", within: .seconds(150)) {
                house.facts.facts.contains {
                    if case .batchFailed(_, _, .unreadableSecond, _) = $0 { true } else { false }
                }
            }
            #expect(try await house.stand(relay)?.lastFailure != nil)
        }
    }

    @Test func `limits told by NIP-11 are kept`() async throws {
        let many = (0..<40).map {
            Event.ours("repository \($0)", by: $0 % 5, at: 1_700_000_000 + Int64($0))
        }
        let issues = many.enumerated().flatMap { at, repository in
            (0..<2).map { Event.issue("\($0)", of: repository, at: 1_700_000_000 + Int64(at)) }
        }
        let relay = try await ScriptedRelay(holding: many + issues) { script in
            script.information = .document(
                """
                {"limitation":{"max_subscriptions":6,"max_filters":"5","max_limit":30,"max_message_length":32768}}
                """)
            script.maxSubscriptions = 6
            script.maxFilters = 5
            script.maxLimit = 30
            script.maxMessageLength = 32768
        }
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await house.gathers(many + issues)
            try await house.completes()
            try await house.gathersLive(from: relay, of: many[39])
        }
        let record = relay.record
        #expect(record.informationRequests.count == 1)
        #expect(record.maxSubscriptions <= 6)
        #expect(record.conversations == 1, "it was hung up on")
        #expect(record.requests.allSatisfy { $0.filters.count <= 5 && $0.length <= 32768 })
        #expect(record.requests.flatMap(\.filters).allSatisfy { ($0.limit ?? 0) <= 30 })
    }

    @Test func `how long a message may be is found out where nothing tells it`() async throws {
        let many = (0..<60).map { Event.ours("repository \($0)", by: $0 % 5, at: 1_700_000_000 + Int64($0)) }
        let issues = many.map { Event.issue("of it", of: $0) }
        let relay = try await ScriptedRelay(holding: many + issues) { $0.maxMessageLength = 2000 }
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await house.gathers(many + issues)
            try await house.completes()
            #expect(
                house.facts.facts.contains {
                    if case .disconnected(_, .messageTooBig, _) = $0 { true } else { false }
                })
        }
        #expect(relay.record.requests.allSatisfy { $0.length <= 2000 })
    }

    @Test func `what NIP-11 told is remembered over a restart, and asked for again when it is old`()
        async throws
    {
        let relay = try await ScriptedRelay(holding: [ours] + issues(5)) { script in
            script.information = .document(#"{"limitation":{"max_subscriptions":5,"max_filters":4}}"#)
            script.maxSubscriptions = 5
            script.maxFilters = 4
        }
        for (wall, requests) in [(1_800_000_000, 1), (1_800_000_060, 0), (1_800_008_000, 1)] as [(Int64, Int)]
        {
            relay.forget()
            try await WireHouse.open(in: directory, bootstrap: [relay]) {
                $0.wall = wall
            } _: { house in
                try await eventually("the relay", within: .seconds(150)) {
                    try await house.stand(relay)?.status == .connected
                }
                try await house.gathers([ours])
                try await house.completes()
            }
            #expect(relay.record.informationRequests.count == requests, "at \(wall)")
            #expect(relay.record.maxSubscriptions <= 5)
            #expect(relay.record.requests.allSatisfy { $0.filters.count <= 4 })
        }
    }

    @Test(arguments: [
        UpstreamScript.InformationAnswer.silence, .redirect("http://127.0.0.1:1/"), .document("<html>"),
        .document(String(repeating: "x", count: 100_000)), .raw(Array("rubbish\r\n\r\n".utf8)), .raw([]),
    ]) func `whatever comes instead of NIP-11, gathering goes on`(
        answer: UpstreamScript.InformationAnswer
    ) async throws {
        let issues = issues(5)
        let relay = try await ScriptedRelay(holding: [ours] + issues) { $0.information = answer }
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await house.gathers([ours] + issues)
        }
    }

    @Test func `live subscriptions are merged beyond the threshold, and nothing is missed`() async throws {
        let relay = try await ScriptedRelay()
        try await WireHouse.open(in: directory, bootstrap: [relay]) {
            $0.configuration.consolidationThreshold = 4
        } _: { house in
            var all: [Event] = []
            for round in 0..<12 {
                let repository = Event.ours("repository \(round)", by: round % 3)
                let issue = Event.issue("of \(round)", of: repository)
                relay.publish([repository])
                try await house.gathers([repository])
                relay.publish([issue])
                all += [repository, issue]
                try await house.gathers([issue])
            }
            try await house.completes()
            try await eventually("few subscriptions", within: .seconds(150)) {
                try await house.stand(relay)?.liveSubscriptions ?? .max <= 5
            }
            let last = Event.issue("the last", of: all[0], at: 1_799_999_999)
            relay.publish([last])
            try await house.gathers([last])
        }
    }

    @Test func `a CLOSED ends one subscription, and what it asked is asked again`() async throws {
        let issues = issues(10)
        let relay = try await ScriptedRelay(holding: [ours] + issues) { script in
            script.reaction = { request in
                switch request.number {
                case 1, 4, 6: .closed("error: try again")
                case 2: .notice("restart at noon", then: .answer)
                case 5: .ignore
                default: .answer
                }
            }
        }
        try await WireHouse.open(in: directory, bootstrap: [relay]) {
            $0.configuration.answerTimeout = .milliseconds(300)
        } _: { house in
            try await house.gathers([ours] + issues)
            try await house.completes()
        }
    }

    @Test func `who says rate-limited is asked nothing for a while, then more slowly`() async throws {
        let issues = issues(10)
        let relay = try await ScriptedRelay(holding: [ours] + issues) { script in
            script.reaction = { $0.number == 2 ? .closed("rate-limited: slow down") : .answer }
        }
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await eventually("the pause", within: .seconds(150)) {
                house.facts.facts.contains { if case .rateLimited = $0 { true } else { false } }
            }
            #expect(try await house.stand(relay)?.health == .rateLimited)
            try await house.gathers([ours] + issues)
            try await eventually("recovery", within: .seconds(150)) {
                try await house.stand(relay)?.health != .rateLimited
            }
            #expect(relay.record.conversations == 1)
        }
    }

    @Test func `a challenge is answered with the operator's key for the URL dialled`() async throws {
        let issues = issues(5)
        let relay = try await ScriptedRelay(holding: [ours] + issues) { script in
            script.authentication = .required(challenge: "tell me \"who\"")
        }
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await house.gathers([ours] + issues)
            try await house.completes()
            let isTold = house.facts.facts.contains { if case .authenticated = $0 { true } else { false } }
            #expect(isTold, "the relay's OK found nobody")
        }
        let answer = try #require(relay.record.authentications.first)
        #expect(answer.pubkey == WireHouse.key.publicKey)
        #expect(answer.firstValue(of: "relay") == TagValue(try relay.relayURL.text))
        #expect(answer.hasTrueSignature(using: Verifier()))
    }

    @Test func `who refuses our key is visible, and without a key nothing is sent`() async throws {
        for key in [WireHouse.key, nil] {
            let relay = try await ScriptedRelay(holding: [ours]) { script in
                script.authentication = .refused(challenge: "x", "restricted: not you")
            }
            try await WireHouse.open(in: try TemporaryDirectory(), bootstrap: [relay]) {
                $0.key = key
            } _: { house in
                try await eventually("the refusal", within: .seconds(150)) {
                    try await house.stand(relay)?.lastFailure != nil
                }
                #expect(relay.record.authentications.isEmpty == (key == nil))
                #expect(try !house.holds(ours))
            }
        }
    }
}
