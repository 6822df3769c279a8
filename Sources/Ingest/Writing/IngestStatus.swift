// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the writer lets others see.
struct IngestStatus {
    var health: IngestHealth = .sound
    /// Events in the holding area.
    var held = 0
}
