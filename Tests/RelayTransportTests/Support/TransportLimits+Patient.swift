// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import RelayTransport

extension TransportLimits {
    /// Limits whose times do not run out on a busy machine; a test sets the one it is about.
    static let patient = {
        var limits = TransportLimits()
        limits.pingInterval = .minutes(10)
        limits.requestTimeout = .minutes(10)
        limits.keepAliveTimeout = .minutes(10)
        limits.closeTimeout = .minutes(1)
        limits.stallTimeout = .minutes(10)
        limits.bodyPatience = .minutes(10)
        return limits
    }()
}
