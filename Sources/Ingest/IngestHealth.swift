// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Whether the writer can write.
public enum IngestHealth: Hashable, Sendable {
    case sound
    /// The last transactions failed; says why. Heals by itself when the store does.
    case failing(String)
    /// After ``Ingest/shutdown()``.
    case closed
}
