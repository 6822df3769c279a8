// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

/// A relay that rookery gathers from, with a place of its own on disk and a port that it keeps.
protocol UpstreamRelay: Sendable {
    /// The port on 127.0.0.1, the same after every start.
    var port: Int { get }
    /// Starts it holding `more` besides what it held before; ready when this returns.
    func start(holding more: [Event]) async throws
    /// Kills it, as a power cut would.
    func kill() async throws
}

extension UpstreamRelay {
    /// Its WebSocket address.
    var url: String { "ws://127.0.0.1:\(port)" }
}

/// Which relay plays the upstream.
enum UpstreamKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    /// rust-nostr's: at most 500 events a filter, told to nobody; no NIP-11.
    case rustNostr
    /// Another rookery, with open admission.
    case rookery

    var testDescription: String { rawValue }

    func make() throws -> any UpstreamRelay {
        switch self {
        case .rustNostr: try RustNostrRelay()
        case .rookery: try RookeryUpstream()
        }
    }
}
