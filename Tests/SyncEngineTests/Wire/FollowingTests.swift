// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore
import RepositoryRules
import SyncEngine
import SyncPlanner
import TestSupport
import Testing

/// What announcements say decides whom we follow, for as long as they say it.
@Suite(.serialized, .timeLimit(.minutes(10))) struct FollowingTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func `a relay that no announcement names any more is let go, and only that one`() async throws {
        let (first, second) = (try await ScriptedRelay(), try await ScriptedRelay())
        let ours = Event.ours(on: [second])
        let issue = Event.issue("only on the second", of: ours)
        first.plant([ours])
        second.plant([issue])
        try await WireHouse.open(in: directory, bootstrap: [first]) { house in
            try await house.gathers([ours, issue])
            try await house.completes()
            let edited = Event.ours(at: 1_700_000_001)
            first.publish([edited])
            try await house.gathers([edited])
            try await eventually("the second to be let go", within: .seconds(150)) {
                try await house.stand(second) == nil
            }
            try await eventually("the goodbye", within: .seconds(150)) {
                second.record.openConversations == 0
            }
            #expect(first.record.openConversations == 1)
            #expect(try house.holds(issue))
            // And named again, it is dialled again.
            let restored = Event.ours(on: [second], at: 1_700_000_002)
            let late = Event.issue("late", of: restored, by: 4)
            second.plant([late])
            first.publish([restored])
            try await house.gathers([restored, late])
        }
    }

    @Test func `a relay with work in flight is not let go by the checker`() async throws {
        let second = try await ScriptedRelay { $0.endOfStoredDelay = .milliseconds(400) }
        let ours = Event.ours(on: [second])
        let first = try await ScriptedRelay(holding: [ours])
        let issue = Event.issue("slow", of: ours)
        second.plant([issue])
        try await WireHouse.open(in: directory, bootstrap: [first]) {
            $0.configuration.disconnectCheckInterval = .milliseconds(10)
        } _: { house in
            try await house.gathers([ours, issue])
            try await house.completes()
            #expect(second.record.conversations == 1)
        }
    }

    @Test func `a deleted announcement ends the following, and a new one begins it again`() async throws {
        let (first, second) = (try await ScriptedRelay(), try await ScriptedRelay())
        let ours = Event.ours(on: [second])
        first.plant([ours])
        try await WireHouse.open(in: directory, bootstrap: [first]) { house in
            try await house.gathers([ours])
            try await house.completes()
            let deletion = Event.fixture(
                kind: .deletion, at: 1_700_000_010, tags: [.of("e", ours.id.hex)], by: 1)
            first.publish([deletion])
            try await eventually("the deletion", within: .seconds(150)) { try !house.holds(ours) }
            try await eventually("the second to be let go", within: .seconds(150)) {
                try await house.stand(second) == nil
            }
            let again = Event.ours(on: [second], at: 1_700_000_020)
            first.publish([again])
            try await house.gathers([again])
            try await eventually("the second to be back", within: .seconds(150)) {
                second.record.openConversations == 1
            }
        }
    }

    @Test func `an announcement leads to a relay whose announcement leads to another`() async throws {
        let (a, b, c) = (try await ScriptedRelay(), try await ScriptedRelay(), try await ScriptedRelay())
        let ours = Event.announcement(
            "ours", by: 1, service: WireHouse.domain, relays: [b.url], maintainers: [2])
        let helper = Event.announcement("ours", by: 2, relays: [c.url])
        let issue = Event.issue("only on the third", of: helper)
        a.plant([ours])
        b.plant([helper])
        c.plant([issue])
        try await WireHouse.open(in: directory, bootstrap: [a]) { house in
            try await house.gathers([ours, helper, issue])
        }
    }

    @Test func `an archive pattern is followed from the reload that adds it`() async throws {
        let foreign = Event.announcement("foreign", by: 9, service: "elsewhere.test")
        let issue = Event.issue("of a foreign repository", of: foreign)
        let relay = try await ScriptedRelay(holding: [Event.ours(), foreign, issue])
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await house.gathers([Event.ours()])
            try await house.completes()
            #expect(try !house.holds(foreign))
            let pattern = ArchivePattern.identifier("foreign")
            let service = try #require(ServiceAuthority(WireHouse.domain))
            house.ingest.adopt(.grasp(GraspAdmission(service: service, archive: [pattern])))
            house.manager.reconfigure(archive: [pattern])
            try await house.gathers([foreign, issue])
            // And taken away again, it is followed no more; what is stored stays.
            house.manager.reconfigure(archive: [])
            try await eventually("one repository", within: .seconds(150)) {
                await house.manager.snapshot().repositories == 1
            }
            #expect(try house.holds(issue))
        }
    }

    @Test func `one relay has one conversation, however its URL is spelt`() async throws {
        let relay = try await ScriptedRelay()
        let spellings = [relay.url, relay.url + "/", "WS://127.0.0.1:\(relay.port)"]
        let ours = Event.announcement("ours", by: 1, service: WireHouse.domain, relays: spellings)
        relay.plant([ours])
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await house.gathers([ours])
            try await house.completes()
            #expect(relay.record.conversations == 1)
            #expect(await house.manager.snapshot().relays.count == 1)
        }
    }
}
