// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncEngine
import SyncPlanner
import TestSupport
import Testing

/// Which of several events is in force is ours to judge, whatever an upstream holds and in whatever order it comes.
@Suite(.serialized, .timeLimit(.minutes(10))) struct JudgingTests {
    let directory: TemporaryDirectory
    let ours = Event.ours()

    init() throws { directory = try TemporaryDirectory() }

    @Test func `of equally new states the lower id is in force, whichever relay is read first`() async throws
    {
        let states = (0..<2).map { Event.state("ours", by: 1, refs: ["refs/heads/main": "\($0)"]) }
            .sorted { $0.id < $1.id }
        let (first, second) = (
            try await ScriptedRelay(holding: [ours]), try await ScriptedRelay(holding: [ours])
        )
        first.plant([states[1]])
        second.plant([states[0]])
        try await WireHouse.open(in: directory, bootstrap: [first, second]) { house in
            try await house.gathers([ours, states[0]])
            try await house.completes()
            #expect(try !house.holds(states[1]))
        }
    }

    @Test func `what its author deleted is not stored again, though another relay still holds it`()
        async throws
    {
        let issue = Event.issue("regretted", of: ours)
        let deletion = Event.fixture(
            kind: .deletion, at: issue.createdAt.seconds + 10, tags: [.of("e", issue.id.hex)], by: 3)
        let marker = Event.issue("by the same author", of: ours, at: 1_700_000_200)
        let first = try await ScriptedRelay(holding: [ours, issue, marker])
        let second = try await ScriptedRelay(holding: [ours, issue, marker])
        try await WireHouse.open(in: directory, bootstrap: [first]) { house in
            try await house.gathers([ours, issue, marker])
            try await house.completes()
            first.publish([deletion])
            try await house.gathers([deletion])
            #expect(try !house.holds(issue))
        }
        try await WireHouse.open(in: directory, bootstrap: [first, second]) { house in
            try await eventually("the second relay", within: .seconds(150)) {
                try await house.stand(second)?.status == .connected
            }
            try await house.completes()
            #expect(try !house.holds(issue))
            #expect(try house.holds(deletion))
        }
    }

    @Test func `what a stranger deletes stays, and what has expired does not come`() async throws {
        let issue = Event.issue("not theirs", of: ours)
        let theft = Event.fixture(
            kind: .deletion, at: 1_700_000_300,
            tags: [.of("e", issue.id.hex), .of("a", ours.address?.text.string ?? "")],
            by: 9)
        let address = ours.address?.text.string ?? ""
        let expired = Event.fixture(
            kind: .issue, at: 1_700_000_100, tags: [.of("a", address), .of("expiration", "1700000200")], by: 3
        )
        let relay = try await ScriptedRelay { script in
            let all = [Event.ours(), issue, theft, expired]
            script.reaction = { request in
                .events(
                    all.filter { event in request.filters.contains { $0.matches(event) } && !request.isLive })
            }
        }
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await house.gathers([ours, issue, theft])
            try await house.completes()
            #expect(try house.holds(ours) && house.holds(issue))
            #expect(try !house.holds(expired))
        }
    }

    @Test func `more announcements than one page of our own store are all followed`() async throws {
        let many = (0..<700).map { Event.ours("repository-\($0)", by: $0 % 7, at: 1_700_000_000 + Int64($0)) }
        let relay = try await ScriptedRelay(holding: many)
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await house.gathers(many)
            try await house.completes()
        }
        let last = Event.issue("of one among many", of: many[699], at: 1_799_999_999)
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await eventually("all of them", within: .seconds(150)) {
                await house.manager.snapshot().repositories == many.count
            }
            try await house.completes()
            relay.publish([last])
            try await house.gathers([last])
        }
    }
}
