// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Who hands events in at the one door.
public enum IngestSource: Sendable, Hashable {
    /// A client's connection, with the keys that have authenticated on it (NIP-42), whence it comes, and a number that no other
    /// open connection has.
    case client(authenticated: [PublicKey], address: NetworkAddress? = nil, connection: UInt64 = 0)
    /// A relay we gather from; the events match a filter that was asked of it.
    case upstream(RelayURL)
    /// A relay that the operator mirrors, by the name of the stream; the events match its filter.
    case stream(String, RelayURL)
    /// A file of events.
    case importer
    /// Events this relay makes of other networks' posts.
    case bridge
    /// Whoever runs this relay.
    case `operator`

    /// One word, for metrics.
    public var name: String {
        switch self {
        case .client: "client"
        case .upstream: "upstream"
        case .stream: "stream"
        case .importer: "importer"
        case .bridge: "bridge"
        case .operator: "operator"
        }
    }

    /// Whether somebody waits for the answer: such events overtake others and may fill the queue to its end.
    var isInteractive: Bool {
        switch self {
        case .client, .operator: true
        case .upstream, .stream, .importer, .bridge: false
        }
    }
}
