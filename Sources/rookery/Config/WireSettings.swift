// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What of `[relay]` is about connections.
struct WireSettings: Sendable {
    /// Whether messages are compressed with clients that offer it.
    var compresses = true
}
