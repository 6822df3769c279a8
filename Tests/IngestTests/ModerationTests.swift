// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore
import RepositoryRules
import TestSupport
import Testing

@testable import Ingest

@Suite struct ModerationTests {
    static let key = TestKey.publicKey(1)

    func note(_ text: String = "", kind: Kind = .textNote, by author: Int = 1, at time: Int64 = 1_700_000_000)
        -> Event
    {
        .fixture(kind: kind, at: time, content: text, by: author)
    }

    @Test func `a banned key's events go, and do not come back from anywhere but the operator`() async throws
    {
        let door = try Door(
            moderation: {
                var limits = ModerationLimits(); limits.removedAtOnce = 3; return limits
            }())
        let events = (0..<10).map { note("\($0)") }
        let other = note(by: 2)
        #expect(await door.submit(events + [other]).allSatisfy(\.isStored))
        let removed = NIOLockedValueBox<[RemovalReason]>([])
        let following = door.store.feed.subscribe { item in
            if case .commit(let commit) = item {
                removed.withLockedValue { $0 += commit.removed.map(\.reason) }
            }
        }
        try await door.moderation.apply(.banPubkey(Self.key, reason: "spam"))
        try await eventually("everything is gone", within: .seconds(60)) { try door.stored() == [other.id] }
        #expect(removed.withLockedValue { $0 } == Array(repeating: .operator, count: 10))
        following.cancel()
        let upstream = IngestSource.upstream(try RelayURL("wss://a.example"))
        let stream = IngestSource.stream("mirror", try RelayURL("wss://a.example"))
        for source in [.client(authenticated: [Self.key]), upstream, stream, .importer, .bridge] {
            #expect(await door.submit(events[0], from: source) == .rejected(.moderated(.pubkey)))
        }
        #expect(await door.submit(note(kind: 20_001)) == .rejected(.moderated(.pubkey)), "ephemeral")
        #expect(await door.submit(events[0], from: .operator).isStored)
        try await door.moderation.apply(.unbanPubkey(Self.key))
        #expect(await door.submit(events[1]).isStored)
    }

    @Test func `a banned event goes and stays away, an allowed one passes every list`() async throws {
        let door = try Door()
        let (bad, good) = (note("bad"), note("good"))
        #expect(await door.submit(bad).isStored)
        try await door.moderation.apply(.banEvent(bad.id, reason: "phishing"))
        #expect(try door.stored() == [])
        let verdict = await door.submit(bad)
        #expect(verdict == .rejected(.moderated(.event)))
        #expect(verdict.ok.message.hasPrefix("blocked: "))
        try await door.moderation.apply(.banPubkey(Self.key))
        try await door.moderation.apply(.allowEvent(good.id))
        #expect(await door.submit(good).isStored)
        #expect(await door.submit(note("more")) == .rejected(.moderated(.pubkey)))
        door.moderation.clear()
        try await door.moderation.apply(.banPubkey(Self.key, reason: "still"))
        #expect(try door.stored() == [good.id], "what is allowed by its id is kept")
        try await door.moderation.apply(.allowEvent(bad.id))
        #expect(await door.submit(bad).isStored, "allowing takes the ban off")
        #expect(door.moderation.lists.entries(\.bannedEvents).isEmpty)
    }

    @Test func `lists of what is allowed shut out everything else from clients and upstreams`() async throws {
        let door = try Door()
        try await door.moderation.apply(.allowPubkey(Self.key))
        try await door.moderation.apply(.allowKind(1))
        #expect(await door.submit(note()).isStored)
        #expect(await door.submit(note(by: 2)) == .rejected(.moderated(.unlistedPubkey)))
        #expect(await door.submit(note(kind: 7)) == .rejected(.moderated(.unlistedKind)))
        let upstream = IngestSource.upstream(try RelayURL("wss://a.example"))
        #expect(await door.submit(note(by: 2), from: upstream) == .rejected(.moderated(.unlistedPubkey)))
        #expect(await door.submit(note(kind: 7, by: 2), from: .importer).isStored)
        let stream = IngestSource.stream("mirror", try RelayURL("wss://a.example"))
        #expect(await door.submit(note(kind: 7, by: 5), from: stream).isStored, "the operator's own wish")
        for kind in Kind.fromAnyone where kind != .requestToVanish {
            #expect(await door.submit(note(kind: kind, by: 2)).isStored, "\(kind)")
        }
        let long = note(
            String(repeating: "x", count: RepositoryLimits.fromAnyoneBytes), kind: .relayList, by: 4)
        #expect(await door.submit(long) == .rejected(.moderated(.unlistedPubkey)))
        let vanish = Event.fixture(kind: .requestToVanish, tags: [.of("relay", "ALL_RELAYS")], by: 2)
        #expect(await door.submit(vanish).isStored, "anybody may vanish")
        try await door.moderation.apply(.unallowKind(1))
        try await door.moderation.apply(.unallowPubkey(Self.key))
        #expect(await door.submit(note(kind: 7, by: 3)).isStored)
    }

    @Test func `a kind that is banned is refused, alone or in a range`() async throws {
        var sheet = ModerationSheet()
        sheet.bannedKinds = KindSet([30_000...30_009])
        let door = try Door(configured: sheet)
        try await door.moderation.apply(.banKind(7))
        for kind: Kind in [7, 30_000, 30_009] {
            #expect(await door.submit(note(kind: kind)) == .rejected(.moderated(.kind)))
        }
        #expect(await door.submit(note(kind: 30_010)).isStored)
        await #expect(throws: ModerationError.isConfigured) {
            try await door.moderation.apply(.allowKind(30_003))
        }
        try await door.moderation.apply(.allowKind(7))
        #expect(await door.submit(note(kind: 7)).isStored)
    }

    /// What a door of its own, closed afterwards, makes of these changes.
    private func listsAfter(
        _ changes: [ModerationChange], in directory: TemporaryDirectory
    ) async throws -> ModerationLists {
        let door = try Door(in: directory)
        for change in changes { try await door.moderation.apply(change) }
        await door.ingest.shutdown()
        return door.moderation.lists
    }

    @Test func `what management said is there after a restart, what the configuration said with it`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let changes: [ModerationChange] = [
            .banPubkey(Self.key, reason: "spam"), .allowPubkey(TestKey.publicKey(2), reason: "friend"),
            .banEvent(note().id, reason: "bad"), .allowEvent(note("x").id), .allowKind(1), .banKind(4),
            .blockAddress(try #require(AddressPrefix("192.0.2.0/24")), reason: "flood"),
            .allowRepository(.identifier("x")), .banRepository(.repository(Self.key, "a/b"), reason: "no"),
            .changeName("a name"), .changeDescription("of mine"), .changeIcon("https://x.example/i.png"),
        ]
        let lists = try await listsAfter(changes, in: directory)
        #expect(lists.managed.count == 9)
        #expect(lists.managed.bannedPubkeys == [Self.key: "spam"])
        #expect(lists.managed.information.name == "a name")

        var sheet = ModerationSheet()
        sheet.bannedPubkeys = [TestKey.publicKey(3): ""]
        // The writer's thread lets go of the store a moment after it has ended.
        let opened = NIOLockedValueBox<Door?>(nil)
        try await eventually("the store is free", within: .seconds(60)) {
            let door = try? Door(in: directory, configured: sheet)
            opened.withLockedValue { $0 = door }
            return door != nil
        }
        let after = try #require(opened.withLockedValue { $0 })
        #expect(after.moderation.lists.managed == lists.managed)
        #expect(await after.submit(note("again")) == .rejected(.moderated(.pubkey)))
        let banned = after.moderation.lists.entries(\.bannedPubkeys)
        #expect(Set(banned.map(\.origin)) == [.configuration, .management])
        await #expect(throws: ModerationError.isConfigured) {
            try await after.moderation.apply(.unbanPubkey(TestKey.publicKey(3)))
        }
        await #expect(throws: ModerationError.isConfigured) {
            try await after.moderation.apply(.allowPubkey(TestKey.publicKey(3)))
        }
        try await after.moderation.apply(.changeName(nil))
        #expect(after.moderation.lists.managed.information.name == nil)
        await after.ingest.shutdown()
    }

    @Test func `what the configuration bans anew goes, also what a crash left over`() async throws {
        let door = try Door()
        let events = (0..<5).map { note("\($0)") }
        _ = await door.submit(events)
        var sheet = ModerationSheet()
        sheet.bannedPubkeys = [Self.key: ""]
        door.moderation.adopt(configured: sheet)
        try await eventually("they are gone", within: .seconds(60)) { try door.stored() == [] }
        door.moderation.adopt(configured: ModerationSheet())
        #expect(await door.submit(events[0]).isStored)
    }

    @Test func `what is banned goes though the door is full`() async throws {
        let consultant = PatientConsultant()
        let door = try Door(consultant: consultant) { $0.queuedEvents = 2 }
        let bad = note("bad")
        #expect(await door.submit(bad, from: .operator).isStored)
        let others = (0..<3).map { note("\($0)", by: 2) }
        async let verdicts = door.submit(others)
        try await eventually("somebody is asked", within: .seconds(60)) { consultant.count == 1 }
        #expect(await door.ingest.remove(Filter(ids: [bad.id]), limit: 1) == nil, "it is full")
        var sheet = ModerationSheet()
        sheet.bannedPubkeys = [Self.key: ""]
        door.moderation.adopt(configured: sheet)
        try await eventually("it is gone", within: .seconds(60)) { try door.stored() == [] }
        consultant.answer(0)
        #expect(await verdicts.allSatisfy(\.isStored))
    }

    @Test func `what is banned goes in steps, and what is allowed by its id stays`() async throws {
        let door = try Door { $0.clearingEvents = 3 }
        let events = (0..<10).map { note("\($0)", at: 1_700_000_000 + Int64($0)) }
        let other = note(by: 2)
        #expect(await door.submit(events + [other]).allSatisfy(\.isStored))
        var sheet = ModerationSheet()
        sheet.bannedPubkeys = [Self.key: ""]
        sheet.bannedEvents = [other.id: ""]
        sheet.allowedEvents = [events[9].id: "", events[4].id: ""]
        door.moderation.adopt(configured: sheet)
        try await eventually("all others are gone", within: .seconds(60)) {
            try door.stored() == [events[4].id, events[9].id]
        }
    }

    @Test func `observers are told what is in force at once and after every change`() async throws {
        let door = try Door()
        let told = NIOLockedValueBox<[[AddressPrefix]]>([])
        let prefix = try #require(AddressPrefix("192.0.2.1"))
        door.moderation.observe { lists in told.withLockedValue { $0.append(lists.blockedAddresses) } }
        try await door.moderation.apply(.blockAddress(prefix))
        try await door.moderation.apply(.unblockAddress(prefix))
        #expect(told.withLockedValue { $0 } == [[], [prefix], []])
    }

    @Test func `lists are bounded`() async throws {
        var limits = ModerationLimits()
        (limits.entries, limits.reasonBytes, limits.patternBytes) = (2, 5, 10)
        let door = try Door(moderation: limits)
        defer { withExtendedLifetime(door) {} }
        let moderation = door.moderation
        try await moderation.apply(.banKind(1))
        try await moderation.apply(.banPubkey(Self.key, reason: "12345"))
        await #expect(throws: ModerationError.full) { try await moderation.apply(.banKind(3)) }
        try await moderation.apply(.banPubkey(Self.key, reason: "again"))
        try await moderation.apply(.unbanKind(1))
        await #expect(throws: ModerationError.tooLong) {
            try await moderation.apply(.banEvent(note().id, reason: "123456"))
        }
        await #expect(throws: ModerationError.tooLong) {
            try await moderation.apply(.banRepository(.identifier("12345678901")))
        }
        try await moderation.apply(.banRepository(.identifier("1234567890")))
    }

    @Test func `a repository that is barred is refused whatever the rules, and those who act for it lose it`()
        async throws
    {
        let ours = Event.announcement("main", by: 0, maintainers: [1])
        let grasp = AdmissionRules.grasp(GraspAdmission(service: nil, archive: [.identifier("main")]))
        for rules in [.open, grasp] {
            let door = try Door(rules)
            try await door.moderation.apply(.banRepository(.identifier("main")))
            #expect(await door.submit(ours) == .rejected(.moderated(.repository)))
            try await door.moderation.apply(.unbanRepository(.identifier("main")))
            #expect(await door.submit(ours).isStored)
            try await door.moderation.apply(.banRepository(.owner(TestKey.publicKey(0))))
            #expect(await door.submit(.state("main", by: 1)).isStored == (rules == .open))
        }
    }

    @Test func `what is held when its author is banned is not let in later`() async throws {
        let ours = Event.announcement("main", by: 0)
        let door = try Door(.grasp(GraspAdmission(service: nil, archive: [.identifier("main")])))
        let issue = Event.fixture(kind: .issue, tags: [Tag(["a", ours.address!.text])], by: 1)
        #expect(await door.submit(issue) == .held)
        try await door.moderation.apply(.banPubkey(Self.key))
        #expect(await door.submit(ours).isStored)
        #expect(try door.stored() == [ours.id])
    }
}
