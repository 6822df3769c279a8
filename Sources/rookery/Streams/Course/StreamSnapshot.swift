// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// How one conversation stands.
struct StreamSnapshot: Hashable, Sendable {
    var state: StreamState
    /// Events that wait to be sent or answered.
    var waiting: Int
    var retryAt: Uptime?
}
