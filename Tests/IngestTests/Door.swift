// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NIOConcurrencyHelpers
import NostrCore
import TestSupport

@testable import Ingest

/// A store of its own, its door, and what the door told.
final class Door: Sendable {
    static let noon = Timestamp(1_700_000_000)

    let directory: TemporaryDirectory
    let store: EventStore
    let ingest: Ingest
    let moderation: Moderation
    let counts = Counts()
    private let clock = NIOLockedValueBox(noon)
    private let uptime = NIOLockedValueBox(Uptime.zero)

    init(
        _ rules: AdmissionRules = .open, publishing: PublishingLimits = PublishingLimits(),
        mapSize: Int = 1 << 30, sideTables: [SideTable] = [], in given: TemporaryDirectory? = nil,
        configured: ModerationSheet = ModerationSheet(),
        moderation bounds: ModerationLimits = ModerationLimits(), consultant: (any EventConsultant)? = nil,
        limits change: (inout IngestLimits) -> Void = { _ in }
    ) throws {
        directory = try given ?? TemporaryDirectory()
        var options = StoreOptions(path: directory.path + "/store", mapSize: mapSize)
        options.durability = .relaxed
        options.sideTables = Ingest.sideTables + sideTables
        let opened = try EventStore.open(options)
        store = opened.store
        let lists = try ModerationLists(configured: configured, in: store)
        var limits = IngestLimits()
        limits.verifierThreads = 3
        limits.bulkLingerMilliseconds = 2
        limits.probeMilliseconds = 5
        change(&limits)
        ingest = Ingest(
            writer: opened.takeWriter(), store: store,
            admission: Admission(rules: rules, limits: publishing, lists: lists), limits: limits,
            now: { [clock] in clock.withLockedValue { $0 } },
            uptime: { [uptime] in uptime.withLockedValue { $0 } }, consultant: consultant, observer: counts)
        moderation = Moderation(lists, ingest: ingest, limits: bounds)
    }

    /// Lets time pass.
    func pass(_ seconds: Int64) {
        passUptime(seconds)
        set(clock.withLockedValue { $0.advanced(by: seconds) })
    }

    /// The clock that nobody sets goes on alone.
    func passUptime(_ seconds: Int64) { uptime.withLockedValue { $0 = $0 + .seconds(seconds) } }

    /// Somebody sets the clock.
    func set(_ time: Timestamp) { clock.withLockedValue { $0 = time } }

    func submit(
        _ events: [Event], from source: IngestSource = .client(authenticated: []),
        with side: [SideWrite] = [],
        requiring required: [SideWrite] = []
    ) async -> [Verdict] {
        await ingest.submit(
            events.map { ParsedEvent(event: $0) }, from: source, with: side, requiring: required)
    }

    func submit(_ event: Event, from source: IngestSource = .client(authenticated: [])) async -> Verdict {
        await submit([event], from: source)[0]
    }

    func stored() throws -> Set<EventID> {
        Set(try store.events(matching: [Filter()], now: .epoch).map(\.id))
    }
}

/// Counts what an observer is told.
final class Counts: IngestObserver {
    struct Sum: Sendable {
        var answered = 0
        var sources: [String: Int] = [:]
        var verified = 0
        var batches: [Int] = []
        var failures = 0
    }

    private let sum = NIOLockedValueBox(Sum())
    var now: Sum { sum.withLockedValue { $0 } }

    func answered(_ verdicts: [Verdict], from source: IngestSource, after latency: Duration) {
        sum.withLockedValue {
            $0.answered += verdicts.count
            $0.sources[source.name, default: 0] += verdicts.count
        }
    }
    func verified(signatures: Int) { sum.withLockedValue { $0.verified += signatures } }
    func wrote(events: Int, bytes: Int, in time: Duration, failed: Bool) {
        sum.withLockedValue {
            $0.batches.append(events)
            if failed { $0.failures += 1 }
        }
    }
}

extension Verdict {
    var isStored: Bool {
        if case .stored = self { true } else { false }
    }
}

extension Event {
    /// The same event with another signature, or with a content its id does not fit.
    func tampered(signature: Bool = false, content: Bool = false) -> Event {
        var json = json
        if signature { json[json.count - 10] = json[json.count - 10] == 0x30 ? 0x31 : 0x30 }
        if content { json[layout.contentStart + 1] ^= 1 }
        return Event(id: id, pubkey: pubkey, layout: layout, json: json)
    }
}
