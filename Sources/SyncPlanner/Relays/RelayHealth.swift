// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What a relay's failures, or their absence, say of it.
public enum RelayHealth: String, Hashable, Sendable, CaseIterable {
    case healthy
    /// It failed lately, or refuses everything it is asked, and is tried again after a growing while; or it leaves no
    /// room to follow it live.
    case degraded
    /// It asked us to slow down.
    case rateLimited = "rate-limited"
    /// It has failed for a whole day and is tried once a day.
    case dead
    /// It is not what its name says (DNS, TLS, protocol), or it sent what no honest relay sends: a long pause.
    case misbehaving
    /// Nothing that it did: its address is one that we never dial.
    case refused
}

/// The failures of one relay since it last answered; they survive a restart.
struct FailureRecord: Hashable, Sendable {
    /// Our clock at the first of them.
    var since: Timestamp?
    /// How many of the last in a row were failures of name, certificate or protocol.
    var misconduct = 0
    /// What they came to.
    var verdict = RelayHealth.healthy
}

extension DialFailure {
    /// Whether it says that this is not a relay, rather than that it is not there now.
    var isMisconduct: Bool {
        switch self {
        case .dns, .tls, .protocolError: true
        case .refused, .tcp, .timeout, .http, .busy, .other: false
        }
    }
}
