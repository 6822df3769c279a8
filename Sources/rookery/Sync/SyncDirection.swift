// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

/// Which way events go in a one-shot sync.
enum SyncDirection: String, CaseIterable, Codable, Sendable, ExpressibleByArgument {
    /// From the other relay to here.
    case down
    /// From here to the other relay.
    case up
    case both

    var takes: Bool { self != .up }
    var gives: Bool { self != .down }
}
