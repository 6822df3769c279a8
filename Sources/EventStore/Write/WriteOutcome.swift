// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What became of an event that was put.
public enum WriteOutcome: Hashable, Sendable {
    case stored
    case duplicate
    /// A newer version holds its address, or one as old with a lower id.
    case superseded
    /// Its author deleted it before (NIP-09).
    case deleted
    /// NIP-40.
    case expired
    /// Its author asked for everything of that time to be gone (NIP-62).
    case vanished
    /// It cannot be stored so that every filter finds it; says why.
    case unindexable(String)
}
