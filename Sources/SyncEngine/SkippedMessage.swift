// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

/// A message of an upstream that is too long to be read, and is passed over as it comes.
struct SkippedMessage: Sendable {
    private var outliner = MessageOutliner()
    private var length = 0
    /// **Bytes** that nobody was told of.
    private(set) var untold = 0

    mutating func take(_ part: Span<UInt8>) {
        outliner.take(part)
        length += part.count
        untold += part.count
    }

    /// Nothing else may be so long.
    var mayBeEvent: Bool { outliner.isEvent != false }

    /// How much came since it was last told, when that is worth telling: whoever waits for an answer learns that
    /// one is on its way.
    mutating func takeProgress() -> Int? {
        guard untold >= SyncEngineLimits.bytesPerReport else { return nil }
        defer { untold = 0 }
        return untold
    }

    /// What it was, now that it has ended; `nil` for no event.
    var event: SkippedEvent? {
        outliner.finish().map { SkippedEvent(subscription: $0, outline: $1, length: length) }
    }
}
