// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NostrCore
import RelayServer
import RelayTransport
import SyncPlanner
import Telemetry

// What is shown of the daemon itself. Why it fails is told in the log and in `/healthz`, as that may name files.
extension StatusReport {
    static func relay(_ health: HealthReport) -> Part {
        switch health.status {
        case "ok": Part("relay", .good, "ok")
        case "failing": Part("relay", .bad, "events cannot be written now")
        default: Part("relay", .fair, health.status)
        }
    }

    static func streams(_ statuses: [StreamStatus]) -> Part? {
        guard !statuses.isEmpty else { return nil }
        let connected = statuses.count { $0.state.isConnected }
        return Part(
            "streams", connected == statuses.count ? .good : .fair,
            "\(connected) of \(statuses.count) relays connected")
    }

    static func bridge(_ health: String) -> Part {
        switch health {
        case "ok": Part("bridge", .good, "ok")
        case "stuck": Part("bridge", .bad, "stuck")
        default: Part("bridge", .fair, "works in part")
        }
    }

    /// What waits at the stations of one event's way, and how much may.
    ///
    /// - Parameter loops: event loops, each of which has a queue of its own.
    static func queues(
        _ ingest: Ingest, _ served: RelayServerStatistics, _ bounds: RelayServerConfiguration, loops: Int,
        resolving: Int
    ) -> [Queue] {
        let (limits, server, transport) = (ingest.limits, bounds.serverLimits, bounds.transportLimits)
        return [
            Queue("ingest", "To be judged", ingest.queuedEvents, of: limits.queuedEvents),
            Queue("held", "Held back", ingest.heldEvents, of: limits.holding.events),
            Queue("reads", "Store readings", served.waitingReads, of: server.waitingReads),
            Queue(
                "fan_out", "To be handed out", served.waitingFeedItems,
                of: loops * server.waitingFeedItems),
            Queue(
                "outbound", "To be sent", served.transport.queuedBytes,
                of: transport.maxQueuedBytesInTotal, isBytes: true),
            Queue("sets", "Sets reconciled", served.setBytes, of: server.setBytes, isBytes: true),
            Queue("names", "Names looked up", resolving, of: DialOptions().maxPendingResolutions),
        ]
    }

    /// How much there is.
    ///
    /// - Parameter room: **bytes** that are left on the disk.
    static func figures(
        _ stored: StoreStatistics?, _ served: RelayServerStatistics, _ snapshot: PlanSnapshot?,
        mirrored: Int?, room: Int?
    ) -> [Figure] {
        var figures: [Figure] = []
        if let stored { figures.append(.init("events", "Events", .count(stored.events))) }
        if let snapshot {
            figures += [
                .init("repositories", "Repositories", .count(snapshot.repositories)),
                .init("roots", "Patches, PRs, issues", .count(snapshot.roots)),
                .init("upstreams", "Upstream relays", .count(snapshot.relays.count)),
                .init(
                    "upstreams_connected", "Of them connected",
                    .count(snapshot.relays.count { $0.status.isOpen })),
                .init("batches", "Batches in flight", .count(snapshot.pendingBatches)),
            ]
        }
        if let mirrored { figures.append(.init("mirrored", "Posts mirrored", .count(mirrored))) }
        figures += [
            .init("connections", "Clients", .count(served.transport.openWebSockets)),
            .init("subscriptions", "Subscriptions", .count(served.subscriptions)),
        ]
        if let stored {
            figures.append(.init("store_bytes", "Store", .bytes(stored.usedBytes)))
            let fill = Double(stored.usedBytes) / Double(max(1, stored.mapBytes))
            figures.append(.init("map_fill", "Of what it may take", .share(fill)))
        }
        if let room { figures.append(.init("disk_free_bytes", "Free on the disk", .bytes(room))) }
        return figures
    }

    static func rates(_ rates: RateWindow.Reading, hasBridge: Bool) -> [Figure] {
        StatusRate.allCases.filter { hasBridge || $0 != .fromBridge }.map { $0.figure(rates[$0] ?? 0) }
    }

    static func problems(_ problems: [ProblemTally.Problem]) -> Listing<Problem> {
        let shown = problems.prefix(StatusLimits.problemsListed).map {
            Problem(
                source: $0.source, isError: $0.isError, words: $0.words, count: $0.count, last: $0.last / 1000
            )
        }
        return Listing(Array(shown), of: problems.count)
    }

    /// Under which URL clients reach a relay of that domain; `nil` without one.
    static func address(_ domain: String) -> String? {
        guard !domain.isEmpty, let url = try? RelayURL("wss://\(domain)") else { return nil }
        return "\(url.namesPublicHost ? "wss" : "ws")://\(domain)"
    }
}
