// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// One `[[stream]]`: relays that are mirrored, or mirror this one, whatever announcements say.
struct StreamSettings: Hashable, Sendable {
    /// A label in logs, metrics and status; no two streams share it.
    var name: String
    /// Named by the operator, so they may be private addresses.
    var urls: [RelayURL]
    var direction = SyncDirection.both
    /// Of stored and new events alike; without `limit` and `search`.
    var filter = Filter()
}

/// How many streams there may be.
enum StreamConfigLimits {
    static let streams = 64
    static let urlsPerStream = 64
    /// Conversations of all streams together.
    static let conversations = 256
    /// **Bytes** of a name.
    static let nameLength = 64
    /// **Bytes** of a filter.
    static let filterLength = 64 << 10
}
