// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore
import RepositoryRules
import TestSupport
import Testing

@testable import Ingest

/// Requests to vanish (NIP-62) at the one door.
@Suite struct VanishTests {
    private let author = TestKey.secret(1)
    private let other = TestKey.secret(2)
    private static let time: Int64 = 1_699_999_000

    private func request(_ relays: TagValue..., at time: Int64 = time) -> Event {
        .signed(
            kind: .requestToVanish, at: Timestamp(time), tags: relays.map { ["relay", $0] }, by: author)
    }

    private func note(
        at time: Int64 = time, _ content: String = "", kind: Kind = 1, tags: [NostrCore.Tag] = []
    ) -> Event {
        .signed(kind: kind, at: Timestamp(time), tags: tags, content: content, by: author)
    }

    private func door(_ rules: AdmissionRules = .open, _ change: (inout IngestLimits) -> Void = { _ in })
        throws -> Door
    {
        let door = try Door(rules, limits: change)
        door.ingest.adopt(
            VanishPolicy(authorities: ["relay.test", "relay.test:8080"].compactMap { ServiceAuthority($0) }))
        return door
    }

    @Test(
        arguments: [
            ["wss://relay.test"], ["wss://relay.test/path"], ["ws://RELAY.test:8080/"], ["ALL_RELAYS"],
            ["wss://elsewhere.test", "wss://relay.test."],
        ] as [[TagValue]])
    func `a request that names this relay is obeyed, whoever brings it`(_ relays: [TagValue]) async throws {
        for source: IngestSource in [.client(authenticated: []), .importer, .operator] {
            let door = try door()
            let (old, new) = (note(), note(at: Self.time + 1))
            _ = await door.submit([old, new])
            let request = Event.signed(
                kind: .requestToVanish, at: Timestamp(Self.time), tags: relays.map { ["relay", $0] },
                by: author)
            #expect(await door.submit(request, from: source).isStored)
            #expect(try door.stored() == [new.id, request.id])
            #expect(await door.submit(old) == .rejected(.vanished))
            #expect(await door.submit(note(at: Self.time + 2)).isStored)
        }
    }

    @Test(
        arguments: [
            [], ["wss://elsewhere.test"], ["wss://relay.test:9000"], ["wss://relay.test.evil.test"],
            ["all_relays"],
            ["relay.test"],
        ] as [[TagValue]])
    func `a request that names others is an event like any other`(_ relays: [TagValue]) async throws {
        let door = try door()
        let old = note()
        let request = Event.signed(
            kind: .requestToVanish, at: Timestamp(Self.time), tags: relays.map { ["relay", $0] }, by: author)
        _ = await door.submit([old, request])
        #expect(try door.stored() == [old.id, request.id])
        #expect(await door.submit(old) == .duplicate)
    }

    @Test func `what is large is swept in steps, and followers are told of all of it`() async throws {
        let door = try door { $0.vanishSweepEvents = 7 }
        let notes = (0..<60).map { note("\($0)") }
        _ = await door.submit(notes)
        let removed = Removed()
        let subscription = door.store.feed.subscribe { item in
            if case .commit(let commit) = item { removed.add(commit.removed) }
        }
        #expect(await door.submit(request("ALL_RELAYS")).isStored)
        #expect(try door.stored().count == 1)
        try await eventually("everything to be swept") { removed.now.count == 60 }
        #expect(removed.now.allSatisfy { $0.reason == .vanished })
        #expect(try door.store.statistics.events == 1)
        subscription.cancel()
    }

    @Test func `a gift wrap to a vanished key is refused, and so is what is ephemeral`() async throws {
        let door = try door()
        #expect(await door.submit(request("ALL_RELAYS")).isStored)
        let wrap = Event.signed(
            kind: .giftWrap, at: Timestamp(Self.time), tags: [["p", TagValue(author.publicKey.hex)]],
            by: other)
        #expect(await door.submit(wrap) == .rejected(.vanished))
        #expect(await door.submit(note(kind: 20_001)) == .rejected(.vanished))
        #expect(await door.submit(note(at: Self.time + 1, kind: 20_001)) == .ephemeral)
    }

    @Test func `what is held goes as well, and repositories are nobody's any more`() async throws {
        let service = ServiceAuthority("relay.test")
        let door = try door(.grasp(GraspAdmission(service: service)))
        let announcement = note(
            kind: .repositoryAnnouncement,
            tags: [
                ["d", "repo"], ["clone", "https://relay.test/x/repo.git"], ["relays", "wss://relay.test"],
            ])
        #expect(await door.submit(announcement).isStored)
        let held = note(kind: 1, tags: [["e", TagValue(String(repeating: "0", count: 64))]])
        #expect(await door.submit(held) == .held)
        #expect(door.ingest.heldEvents == 1)
        #expect(await door.submit(request("wss://relay.test")).isStored)
        #expect(door.ingest.heldEvents == 0)
        let state = note(at: Self.time + 5, kind: .repositoryState, tags: [["d", "repo"]])
        #expect(await door.submit(state) == .held, "nobody has authority over the repository now")
        #expect(await door.submit(held) == .rejected(.vanished))
    }
}

/// Gathers removals.
private final class Removed: Sendable {
    private let box = NIOLockedValueBox<[Removal]>([])
    var now: [Removal] { box.withLockedValue { $0 } }
    func add(_ removals: [Removal]) { box.withLockedValue { $0 += removals } }
}
