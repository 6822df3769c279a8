// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayServer
import Telemetry

/// What the status page tells the speed of, and which counters it is made of.
enum StatusRate: String, CaseIterable, Hashable, Sendable {
    case fromClients = "stored_from_clients"
    case fromRelays = "stored_from_relays"
    case fromBridge = "stored_from_bridge"
    case judged
    case queries
    case sent = "events_sent"
    case live = "events_delivered_live"
    case bytesIn = "received_bytes"
    case bytesOut = "sent_bytes"

    var label: String {
        switch self {
        case .fromClients: "Stored, from clients"
        case .fromRelays: "Stored, from relays"
        case .fromBridge: "Stored, from the bridge"
        case .judged: "Judged in all"
        case .queries: "Queries"
        case .sent: "Events sent"
        case .live: "Of them live"
        case .bytesIn: "From clients"
        case .bytesOut: "To clients"
        }
    }

    /// What its counters stand at together.
    func total(_ registry: MetricsRegistry) -> Double {
        switch self {
        case .fromClients: stored(registry, ["client"])
        case .fromRelays: stored(registry, ["upstream", "stream"])
        case .fromBridge: stored(registry, ["bridge"])
        case .judged: registry.total("rookery_ingest_events_total") ?? 0
        case .queries:
            ["REQ", "COUNT"].reduce(0) {
                $0 + (registry.total("rookery_relay_client_messages_total", ["verb": $1]) ?? 0)
            }
        case .sent: registry.total("rookery_relay_messages_total", ["verb": "EVENT"]) ?? 0
        case .live: registry.total("rookery_fanout_deliveries_total") ?? 0
        case .bytesIn: registry.total("rookery_relay_received_bytes_total") ?? 0
        case .bytesOut: registry.total("rookery_relay_sent_bytes_total") ?? 0
        }
    }

    private func stored(_ registry: MetricsRegistry, _ sources: [String]) -> Double {
        sources.reduce(0) {
            $0 + (registry.total("rookery_ingest_events_total", ["source": $1, "verdict": "stored"]) ?? 0)
        }
    }

    /// As the page shows it.
    func figure(_ rate: Double) -> StatusReport.Figure {
        switch self {
        case .bytesIn, .bytesOut: .init(rawValue, label, .bytesPerSecond(rate))
        default: .init(rawValue, label, .perSecond(rate))
        }
    }
}
