// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// `bridge.blossom_…`: what the relay's port takes and tells as a Blossom server.
struct BlossomSettings: Sendable {
    var uploaders: [PublicKey] = []
    var lists = false
    var maxBlobMiB = 100
    /// Of one key.
    var quotaGiB = 10.0
    /// Of all keys; 0 for as much as the disk takes.
    var maxTotalGiB = 0.0
}
