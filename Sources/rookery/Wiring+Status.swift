// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NIOConcurrencyHelpers
import NIOCore
import NostrCore
import RelayServer
import RelayTransport
import SyncPlanner
import Telemetry
import TweetBridge
import TweetCore

// How the daemon stands: all of it for tools, and what everybody may see for the status page.
extension Wiring {
    /// What tools are told of the daemon.
    func statusReport(
        _ own: borrowing OwnStore, server: RelayServer, key: SecretKey, address: ListenAddress,
        sync: SyncMetering?, streams: StreamMetering, bridge: BridgeMetering?, bridgeStore: BridgeStore
    ) -> @Sendable () -> DaemonStatus {
        let start = SystemClocks.uptime()
        let (settings, store, ingest, readiness) = (settings, own.store, own.ingest, readiness)
        return {
            let stored = try? store.statistics
            let served = server.statistics
            let health = HealthReport(readiness.stage, writer: ingest.health)
            return DaemonStatus(
                version: Version.text, process: Int(ProcessIdentity.own),
                uptime: Int((SystemClocks.uptime() - start).components.seconds), listen: address.description,
                dataDir: settings.dataDirectory, domain: settings.relay.domain,
                admission: settings.relay.admission.rawValue, pubkey: key.publicKey.hex,
                health: ([health.status] + health.facts.map(\.value)).joined(separator: ": "),
                store: .init(
                    events: stored?.events ?? 0, usedBytes: stored?.usedBytes ?? 0,
                    mapBytes: stored?.mapBytes ?? 0, commit: store.latest.rawValue),
                ingest: .init(queued: ingest.queuedEvents, held: ingest.heldEvents),
                relay: .init(
                    connections: served.transport.openWebSockets, subscriptions: served.subscriptions,
                    maxConnections: settings.relay.limits.maxConnections,
                    reconciliations: served.reconciliations),
                sync: sync.map { DaemonStatus.Sync($0.snapshot, stuckFor: $0.stuckFor) },
                streams: streams.statuses,
                bridge: bridge.map { BridgeStatus($0, bridgeStore, cap: settings.bridgeCap) })
        }
    }

    /// What the status page tells.
    func publicStatus(
        _ own: borrowing OwnStore, server: RelayServer, dialer: Dialer, sync: SyncMetering?,
        streams: StreamMetering, bridge: BridgeMetering?, _ rates: RateKeeper, _ reloading: Reloading
    ) -> @Sendable () -> StatusReport {
        let (settings, store, ingest, readiness, output) = (
            settings, own.store, own.ingest, readiness, output
        )
        let started = SystemClocks.now().seconds
        let names = RepositoryNames { try? store.event($0) }
        let visibility = NIOLockedValueBox(settings.relay.shownStatus)
        // Who may read can change while it runs; that there is a page, cannot.
        reloading.hooks.add { settings in visibility.withLockedValue { $0 = settings.relay.shownStatus } }
        return {
            let showsLists = visibility.withLockedValue { $0 } == .full
            let (snapshot, served) = (sync?.snapshot, server.statistics)
            var report = StatusReport()
            report.version = Version.text
            report.address = StatusReport.address(settings.relay.domain)
            (report.startedAt, report.at) = (started, SystemClocks.now().seconds)
            report.health = [StatusReport.relay(HealthReport(readiness.stage, writer: ingest.health))]
            if let sync, let snapshot {
                report.health.append(StatusReport.gathering(snapshot, isStuck: sync.stuckFor != nil))
            }
            report.health += [
                StatusReport.streams(streams.statuses),
                bridge.map { StatusReport.bridge($0.health.status.rawValue) },
            ].compactMap { $0 }
            report.figures = StatusReport.figures(
                try? store.statistics, served, snapshot, mirrored: bridge?.now.mirrored,
                room: showsLists ? DiskRoom.free(at: settings.dataDirectory) : nil)
            report.figures.append(.init("up_seconds", "Up for", .span(Int(report.at - report.startedAt))))
            report.rates = StatusReport.rates(rates.rates, hasBridge: bridge != nil)
            report.queues = StatusReport.queues(
                ingest, served, server.configuration, loops: System.coreCount, resolving: dialer.resolving)
            guard showsLists else { return report }
            if let snapshot {
                report.upstreams = StatusReport.upstreams(snapshot)
                report.repositories = StatusReport.repositories(
                    snapshot, names: names.names(of: snapshot.largest.map(\.announcement)))
            }
            report.problems = StatusReport.problems(output.problems)
            return report
        }
    }
}
