// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

/// What a running daemon says about itself.
struct DaemonStatus: Codable, Hashable, Sendable {
    var version: String
    var process: Int
    /// **Seconds** since the start.
    var uptime: Int
    /// As bound.
    var listen: String
    var dataDir: String
    var domain: String
    var admission: String
    /// The relay's public key.
    var pubkey: String
    /// `ok`, or what is wrong.
    var health: String
    var store: Store
    var ingest: Ingest
    var relay: Relay
    var sync: Sync?
    /// Every relay of every stream; absent: as if there were none.
    var streams: [StreamStatus]?
    /// Absent: there is no bridge.
    var bridge: BridgeStatus?

    struct Store: Codable, Hashable, Sendable {
        var events: Int
        var usedBytes: Int
        var mapBytes: Int
        var commit: UInt64
    }

    struct Ingest: Codable, Hashable, Sendable {
        var queued: Int
        var held: Int
    }

    struct Relay: Codable, Hashable, Sendable {
        var connections: Int
        var subscriptions: Int
        /// What is in force, which may be less than the configuration asks for.
        var maxConnections: Int?
        /// Sets that clients are reconciling theirs with (NIP-77).
        var reconciliations: Int?
    }

    struct Sync: Codable, Hashable, Sendable {
        var repositories: Int
        var relaysTracked: Int
        var relaysConnected: Int
        /// Connected, and nothing of them is missing.
        var relaysComplete: Int
        var pendingBatches: Int
        var isHistoryComplete: Bool
        /// Whether our own store is still being read, so that nothing else is known; absent: no.
        var isReadingStore: Bool?
        /// **Seconds** since anything was confirmed or stored although there is work; absent: not stuck.
        var stuckSeconds: Int?
        /// What the configuration names and is taken for this relay itself.
        var ourselves: [String]
        /// The operator's first, then whoever is not well, then the others, each in the order of their URLs.
        var relays: [UpstreamStatus]
        /// How many more there are.
        var relaysLeftOut: Int
        /// Named by announcements and not followed, as that would be too many; counted up to `sync.max_relays`.
        var relaysNotFollowed: Int

        /// More are counted and not listed.
        static let relaysMax = 20_000
        /// Those that people are shown.
        static let relaysShown = 200

        var history: String {
            if isReadingStore == true { return "our own store is being read" }
            if isHistoryComplete { return "complete" }
            return
                "complete from \(relaysComplete) of \(relaysTracked) relays, "
                + "\(pendingBatches) \(pendingBatches == 1 ? "batch" : "batches") in flight"
        }
    }

    /// For people: a few aligned lines.
    var lines: [String] {
        var rows = [
            ("rookery", "\(version), process \(process), up \(Self.span(uptime)), \(health)"),
            ("listening", "ws://\(listen)"), ("data", dataDir),
            ("domain", domain.isEmpty ? "none" : domain), ("admission", admission), ("key", pubkey),
            ("events", "\(store.events), commit \(store.commit)"),
            ("store", "\(Self.size(store.usedBytes)) of \(Self.size(store.mapBytes))"),
            ("queue", "\(ingest.queued) waiting, \(ingest.held) held"),
            ("clients", clients),
        ]
        if let sync {
            rows.append(("repositories", "\(sync.repositories) followed"))
            rows.append(("upstream", "\(sync.relaysConnected) of \(sync.relaysTracked) relays connected"))
            if sync.relaysNotFollowed > 0 {
                rows.append(
                    (
                        "not followed",
                        "\(sync.relaysNotFollowed) relays: too many of one owner in a day, or in all"
                    ))
            }
            rows.append(("history", sync.history))
            if let stuck = sync.stuckSeconds {
                rows.append(("gathering", "stuck for \(Self.span(stuck)): nothing was confirmed or stored"))
            }
            rows += sync.ourselves.map { ("", "\($0): this relay itself (sync.bootstrap), not dialled") }
            rows += sync.relays.prefix(Sync.relaysShown).map { ("", $0.line) }
            let hidden = sync.relaysTracked - min(sync.relays.count, Sync.relaysShown)
            if hidden > 0 { rows.append(("", "… and \(hidden) more (--json)")) }
        }
        for (index, stream) in (streams ?? []).enumerated() {
            rows.append((index == 0 ? "streams" : "", stream.line))
        }
        if let bridge { rows += bridge.rows }
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { $0.0 + String(repeating: " ", count: width + 2 - $0.0.count) + $0.1 }
    }

    private var clients: String {
        let bound = relay.maxConnections.map { " of \($0) at most" } ?? ""
        let sets = relay.reconciliations.map { $0 == 0 ? "" : ", \($0) reconciliations" } ?? ""
        return "\(relay.connections) connected\(bound), \(relay.subscriptions) subscriptions\(sets)"
    }

    static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) days"
        }
    }

    static func size(_ bytes: Int) -> String {
        var (amount, unit) = (Double(bytes), 0)
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
        while amount >= 1024, unit < units.count - 1 {
            amount /= 1024
            unit += 1
        }
        let tenths = (amount * 10).rounded() / 10
        return "\(unit == 0 ? ConfigValue.spelt(amount.rounded()) : ConfigValue.spelt(tenths)) \(units[unit])"
    }
}

extension DaemonStatus.Sync {
    init(_ snapshot: PlanSnapshot, stuckFor: Duration? = nil) {
        repositories = snapshot.repositories
        relaysTracked = snapshot.relays.count
        (relaysConnected, relaysComplete) = (0, 0)
        var byConcern: [[PlanSnapshot.Relay]] = [[], [], []]
        for relay in snapshot.relays {
            byConcern[relay.concern].append(relay)
            if relay.status.isOpen { relaysConnected += 1 }
            if relay.status == .connected, relay.lastAudit != nil { relaysComplete += 1 }
        }
        pendingBatches = snapshot.pendingBatches
        isHistoryComplete = snapshot.isHistoryComplete
        isReadingStore = snapshot.isReadingStore ? true : nil
        stuckSeconds = stuckFor.map { Int($0.components.seconds) }
        ourselves = snapshot.ourselves.map(\.text)
        relaysNotFollowed = snapshot.leftOut
        relays = byConcern.joined().prefix(Self.relaysMax).map(UpstreamStatus.init)
        relaysLeftOut = relaysTracked - relays.count
    }
}

extension PlanSnapshot.Relay {
    /// How soon an operator wants to read of it: 0, 1 or 2.
    fileprivate var concern: Int {
        if isBootstrap { return 0 }
        return health == .healthy && failed == 0 ? 2 : 1
    }
}
