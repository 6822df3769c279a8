// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the writer lets others see.
struct IngestStatus {
    var health: IngestHealth = .sound
    /// Events in the holding area.
    var held = 0
    /// Why the last writes may not be on the disk, though the door is closed.
    var lastFailure: String?
}
