// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore
import RepositoryRules
import TestSupport
import Testing

@testable import Ingest

@Suite struct GraspIngestTests {
    static let rules = AdmissionRules.grasp(
        GraspAdmission(service: nil, archive: [.repository(TestKey.publicKey(0), "main")]))
    let ours = Event.announcement("main", by: 0, maintainers: [1])

    func naming(_ event: Event, kind: Kind = .comment, by author: Int = 5) -> Event {
        .fixture(kind: kind, tags: [.of("e", event.id.hex)], by: author)
    }

    @Test func `a held event is stored with what makes it acceptable, and the feed says so`() async throws {
        let door = try Door(Self.rules)
        let issue = Event.fixture(kind: .issue, tags: [Tag(["a", ours.address!.text])], by: 4)
        let reply = naming(issue)
        let second = naming(reply)
        #expect(await door.submit([second, reply, issue]) == [.held, .held, .held])
        #expect(await door.submit(second) == .held)
        #expect(door.counts.now.verified == 3, "a held event is not checked again")
        let seen = NIOLockedValueBox<[Commit]>([])
        let following = door.store.feed.subscribe { item in
            if case .commit(let commit) = item { seen.withLockedValue { $0.append(commit) } }
        }
        #expect(await door.submit(ours).isStored)
        let commits = seen.withLockedValue { $0 }
        #expect(commits.count == 1, "one transaction")
        #expect(commits.first?.stored.map(\.id) == [ours.id, issue.id, reply.id, second.id])
        #expect(door.ingest.heldEvents == 0)
        #expect(await door.submit(second) == .duplicate)
        following.cancel()
    }

    @Test func `what is bridged here is stored, whatever is taken of others`() async throws {
        let door = try Door(Self.rules)
        let note = Event.fixture(content: "a post")
        #expect(await door.submit(note).isStored == false)
        #expect(await door.submit(Event.fixture(content: "another post"), from: .bridge).isStored)
    }

    @Test func `rules that are changed hold from the next event on, and what waited comes along`()
        async throws
    {
        let door = try Door(Self.rules)
        let other = Event.announcement("other", by: 7)
        let issue = Event.fixture(kind: .issue, tags: [Tag(["a", other.address!.text])], by: 4)
        #expect(await door.submit([issue, other]).allSatisfy { !$0.isStored })
        door.ingest.adopt(.grasp(GraspAdmission(service: nil, archive: [.identifier("other")])))
        #expect(await door.submit(other).isStored)
        #expect(try door.stored() == [other.id, issue.id])
        #expect(await !door.submit(ours).isStored)
        door.ingest.adopt(.open)
        #expect(await door.submit(ours).isStored)
    }

    @Test func `what is welcomed is stored, and nothing else of its kind or by its author`() async throws {
        let door = try Door(Self.rules)
        door.ingest.adopt(WelcomedEvents(kinds: [1985], authors: [TestKey.publicKey(5)]))
        #expect(await door.submit(.fixture(kind: 1985, by: 5)).isStored)
        #expect(await door.submit(.fixture(kind: 1985, by: 6)) == .held)
        #expect(await door.submit(.fixture(kind: 1986, by: 5)) == .held)
        door.ingest.adopt(WelcomedEvents())
        #expect(await door.submit(.fixture(kind: 1985, content: "later", by: 5)) == .held)
    }

    @Test func `within one batch the order does not matter`() async throws {
        let door = try Door(Self.rules)
        let issue = Event.fixture(kind: .issue, tags: [Tag(["a", ours.address!.text])], by: 4)
        let verdicts = await door.submit([naming(issue), ours, issue])
        #expect(verdicts[0] == .held && verdicts[1].isStored && verdicts[2].isStored)
        #expect(try door.stored().count == 3)
    }

    @Test func `a maintainer's announcement and state wait for their lister`() async throws {
        let door = try Door(Self.rules)
        let state = Event.state("main", by: 2)
        let helper = Event.announcement("main", by: 1, maintainers: [2])
        #expect(await door.submit([state, helper]) == [.held, .held])
        #expect(await door.submit(ours).isStored)
        #expect(try door.stored() == [ours.id, helper.id, state.id])
    }

    @Test func `a maintainer who lost authority by an edit is refused and stored events stay`() async throws {
        let door = try Door(Self.rules)
        let state = Event.state("main", by: 1, at: 1_700_000_000)
        #expect(await door.submit([ours, state]).allSatisfy { $0.isStored })
        #expect(await door.submit(.announcement("main", by: 0, at: 1_700_000_010)).isStored)
        #expect(await door.submit(.state("main", by: 1, at: 1_700_000_020)) == .held)
        #expect(try door.store.event(state.id) == state)
    }

    @Test func `deleting an announcement ends its authority, in the same batch too`() async throws {
        let door = try Door(Self.rules)
        #expect(await door.submit([ours, .state("main", by: 1, at: 5)]).allSatisfy { $0.isStored })
        let deletion = Event.fixture(
            kind: .deletion, at: 1_700_000_050, tags: [Tag(["a", ours.address!.text])], by: 0)
        let verdicts = await door.submit([deletion, .state("main", by: 1, at: 1_700_000_060)])
        #expect(verdicts[0].isStored && verdicts[1] == .held)
        let other = await door.submit(.state("main", by: 1, at: 1_700_000_070))
        #expect(other == .held)
    }

    @Test func `deleting every version of an announcement by id ends its authority`() async throws {
        let door = try Door(Self.rules)
        let second = Event.announcement("main", by: 0, maintainers: [1], at: 1_700_000_010)
        let deletion = Event.fixture(
            kind: .deletion, at: 1_700_000_050,
            tags: [.of("e", ours.id.hex), .of("e", second.id.hex)], by: 0)
        let state = Event.state("main", by: 1, at: 1_700_000_060)
        let verdicts = await door.submit([ours, second, deletion, state])
        #expect(verdicts[2].isStored && verdicts[3] == .held, "stored and deleted in one transaction")
        #expect(await door.submit(.state("main", by: 1, at: 1_700_000_070)) == .held)
    }

    @Test func `deleting an older version of an announcement leaves the newer its authority`() async throws {
        let door = try Door(Self.rules)
        let second = Event.announcement("main", by: 0, maintainers: [1], at: 1_700_000_010)
        let deletion = Event.fixture(
            kind: .deletion, at: 1_700_000_050, tags: [.of("e", ours.id.hex)], by: 0)
        #expect(await door.submit(ours).isStored)
        #expect(await door.submit([deletion, second]).allSatisfy { $0.isStored })
        #expect(await door.submit(.state("main", by: 1, at: 1_700_000_060)).isStored)
    }

    @Test func `what takes an expired announcement's place has its authority`() async throws {
        let door = try Door(Self.rules) { $0.expirySweepSeconds = 1_000_000 }
        let brief = Event.announcement(
            "main", by: 0, at: 1_700_000_000, tags: [.of("expiration", "1700000010")])
        #expect(await door.submit(brief).isStored)
        door.pass(20)
        let older = Event.announcement("main", by: 0, maintainers: [1], at: 1_600_000_000)
        #expect(await door.submit(older).isStored)
        #expect(await door.submit(.state("main", by: 1)).isStored)
        #expect(await door.submit(.state("main", by: 0)).isStored)
    }

    @Test func `how many references count does not depend on the order of arrival`() async throws {
        let near = Event.fixture(kind: .textNote, content: "near", by: 6)
        let far = Event.fixture(kind: .textNote, content: "far", by: 6)
        let filler = (0..<RepositoryLimits.references).map {
            Tag.of("e", Event.fixture(content: "\($0)").id.hex)
        }
        let naming = Event.fixture(
            kind: .issue,
            tags: [Tag(["a", ours.address!.text]), .of("e", near.id.hex)] + filler + [.of("e", far.id.hex)])
        for order in [[ours, naming, near, far], [near, far, ours, naming]] {
            let door = try Door(Self.rules)
            for event in order { _ = await door.submit(event, from: .importer) }
            #expect(try door.stored() == [ours.id, naming.id, near.id])
        }
    }

    @Test func `what anyone may write is told when it is too long for that, and waits`() async throws {
        let door = try Door(Self.rules)
        func relays(_ length: Int) -> Event {
            .fixture(
                kind: .relayList, at: Int64(length), content: String(repeating: "x", count: length),
                by: 5)
        }
        #expect(await door.submit(relays(60_000)).isStored)
        #expect(await door.submit(relays(70_000)) == .heldForLength)
        #expect(door.ingest.heldEvents == 1)
        #expect(await door.submit(naming(ours)) == .held, "too long for nothing")
    }

    @Test func `an unrelated ephemeral event is refused and not held`() async throws {
        let door = try Door(Self.rules)
        #expect(await door.submit(ours).isStored)
        #expect(await door.submit(.fixture(kind: 20001)) == .rejected(.unrelated))
        #expect(await door.submit(naming(ours, kind: 20001)) == .ephemeral)
        #expect(door.ingest.heldEvents == 0)
    }

    @Test func `what waits too long is let go`() async throws {
        let door = try Door(Self.rules) { $0.holding.seconds = 100 }
        let early = naming(ours, by: 5)
        let late = naming(ours, by: 6)
        #expect(await door.submit(early) == .held)
        door.pass(60)
        #expect(await door.submit(late) == .held)
        door.pass(60)
        #expect(await door.submit(ours).isStored)
        #expect(try door.stored() == [ours.id, late.id])
    }

    @Test func `a failed batch leaves the holding area as it was`() async throws {
        let table = SideTable("rows")
        let door = try Door(Self.rules, sideTables: [table])
        let reply = naming(ours)
        #expect(await door.submit(reply) == .held)
        let bad = SideWrite(table, key: [], value: [1])
        let verdicts = await door.submit([ours, naming(ours, by: 6), naming(reply, by: 7)], with: [bad])
        #expect(verdicts.allSatisfy { !$0.isFinal })
        #expect(try door.stored().isEmpty)
        #expect(await door.submit(ours).isStored)
        #expect(try door.stored() == [ours.id, reply.id])
    }
}
