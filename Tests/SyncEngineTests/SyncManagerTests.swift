// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NIOConcurrencyHelpers
import NostrCore
import SyncEngine
import SyncPlanner
import TestSupport
import Testing

/// The engine over a real store and the real door, with upstreams that are scripts.
@Suite struct SyncManagerTests {
    let first = try! RelayURL("wss://first.test")
    let second = try! RelayURL("wss://second.test")

    /// An announcement by `author`, listing `hosts` as services and relays.
    func announcement(_ identifier: String, by author: Int, hosts: [String], at time: Int64 = 1_700_000_000)
        -> Event
    {
        .fixture(
            kind: .repositoryAnnouncement, at: time,
            tags: [
                .of("d", identifier),
                Tag(["clone"] + hosts.map { "https://\($0)/npub1x/\(identifier).git" }),
                Tag(["relays"] + hosts.map { "wss://\($0)" }),
            ], by: author)
    }

    func issue(
        _ text: String, for repository: Event, by author: Int, at time: Int64 = 1_700_000_000
    ) -> Event {
        .fixture(
            kind: .issue, at: time, tags: [Tag([TagValue("a"), repository.address?.text ?? ""])],
            content: text,
            by: author)
    }

    func reply(_ text: String, to root: Event, by author: Int) -> Event {
        .fixture(
            kind: .comment, tags: [.of("E", root.id.hex), .of("e", root.id.hex)], content: text, by: author)
    }

    @Test func `rows are written in pieces that the door takes`() {
        #expect(SyncEngineLimits().rowsPerWrite <= IngestLimits().submissionRows)
    }

    /// Remembers how everything stood.
    private final class Stands: SyncObserver {
        private let box = NIOLockedValueBox<[PlanSnapshot]>([])
        var all: [PlanSnapshot] { box.withLockedValue { $0 } }
        func stands(_ snapshot: PlanSnapshot, at wall: Timestamp) {
            box.withLockedValue { $0.append(snapshot) }
        }
    }

    @Test func `how everything stands is shown as soon as there is anything to see`() async throws {
        let stands = Stands()
        var limits = SyncEngineLimits()
        limits.snapshotInterval = .seconds(3600) ... .seconds(3600)
        try await GatheringHouse.open(
            in: try TemporaryDirectory(), upstreams: ScriptedUpstreams(), bootstrap: [first], limits: limits,
            observer: stands
        ) { house in
            try await eventually("the relay", within: .seconds(150)) {
                stands.all.contains { $0.relays.map(\.url) == [first] }
            }
            #expect(stands.all.filter { !$0.isReadingStore }.count == 1, "then not oftener than it should")
        }
    }

    @Test func `what is ours is gathered from a bootstrap relay, layer by layer, and nothing else`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let upstreams = ScriptedUpstreams()
        let ours = announcement("ours", by: 1, hosts: [GatheringHouse.domain])
        let theirs = announcement("theirs", by: 2, hosts: ["other.test"])
        let state = Event.fixture(kind: .repositoryState, tags: [.of("d", "ours")], by: 1)
        let root = issue("a bug", for: ours, by: 3)
        let answer = reply("seen", to: root, by: 4)
        let foreign = issue("not here", for: theirs, by: 3)
        upstreams.publish([ours, theirs, state, root, answer, foreign], at: first)
        try await GatheringHouse.open(in: directory, upstreams: upstreams, bootstrap: [first]) { house in
            try await eventually("everything of ours", within: .seconds(150)) {
                try house.holds([ours, state, root, answer])
            }
            try await eventually("the end of history", within: .seconds(150)) {
                await house.manager.snapshot().isHistoryComplete
            }
            #expect(try !house.store.contains(theirs.id))
            #expect(try !house.store.contains(foreign.id))
        }
    }

    @Test func `a relay named by an announcement is dialled, and what it announces is followed on`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let upstreams = ScriptedUpstreams()
        let ours = announcement("ours", by: 1, hosts: [GatheringHouse.domain, "second.test"])
        let root = issue("only there", for: ours, by: 3)
        upstreams.publish([ours], at: first)
        upstreams.publish([root], at: second)
        try await GatheringHouse.open(in: directory, upstreams: upstreams, bootstrap: [first]) { house in
            try await eventually("the root on the second relay", within: .seconds(150)) {
                try house.holds([ours, root])
            }
        }
    }

    @Test func `live events arrive, and those that came while the relay was away`() async throws {
        let directory = try TemporaryDirectory()
        let upstreams = ScriptedUpstreams()
        let ours = announcement("ours", by: 1, hosts: [GatheringHouse.domain])
        upstreams.publish([ours], at: first)
        try await GatheringHouse.open(in: directory, upstreams: upstreams, bootstrap: [first]) { house in
            try await eventually("the end of history", within: .seconds(150)) {
                await house.manager.snapshot().isHistoryComplete
            }
            let live = issue("live", for: ours, by: 3)
            upstreams.publish([live], at: first)
            try await eventually("the live event", within: .seconds(150)) { try house.holds([live]) }
            upstreams.setDown(true, first)
            let missed = issue("missed", for: ours, by: 4, at: 1_800_000_000)
            upstreams.publish([missed], at: first)
            upstreams.setDown(false, first)
            try await eventually("the missed event", within: .seconds(150)) { try house.holds([missed]) }
        }
    }

    @Test func `after a restart only the overlap is asked for`() async throws {
        let directory = try TemporaryDirectory()
        let upstreams = ScriptedUpstreams()
        let ours = announcement("ours", by: 1, hosts: [GatheringHouse.domain])
        let old = (0..<20).map { issue("old \($0)", for: ours, by: 3) }
        upstreams.publish([ours] + old, at: first)
        try await GatheringHouse.open(in: directory, upstreams: upstreams, bootstrap: [first]) { house in
            try await eventually("everything", within: .seconds(150)) { try house.holds(old) }
            try await eventually("the end of history", within: .seconds(150)) {
                await house.manager.snapshot().isHistoryComplete
            }
        }
        let before = upstreams.relay(first).requests.count
        try await GatheringHouse.open(in: directory, upstreams: upstreams, bootstrap: [first]) { house in
            try await eventually("the end of history", within: .seconds(150)) {
                await house.manager.snapshot().isHistoryComplete
            }
            try await eventually("a live subscription", within: .seconds(150)) {
                upstreams.relay(first).requests.count > before
            }
        }
        let histories = upstreams.relay(first).requests.dropFirst(before).flatMap { $0 }.filter {
            ($0.limit ?? 2) > 1
        }
        #expect(!histories.isEmpty)
        for filter in histories { #expect(filter.since != nil, "\(filter.canonicalJSON)") }
    }
}
