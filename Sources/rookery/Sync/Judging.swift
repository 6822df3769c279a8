// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Events on their way to our own door: few batches at one time, each of what has come by then.
struct Judging {
    let width: Int
    private var waiting: [ParsedEvent] = []
    private var underWay = 0

    init(width: Int) { self.width = width }

    mutating func add(_ events: [ParsedEvent]) { waiting += events }

    mutating func ended() { underWay -= 1 }

    /// The next batch and its **bytes**, unless as many as may be are under way.
    mutating func next() -> (events: [ParsedEvent], bytes: Int)? {
        guard underWay < width, !waiting.isEmpty else { return nil }
        var (count, bytes) = (0, 0)
        for event in waiting.prefix(SyncDoor.batchEvents) where bytes < SyncDoor.batchBytes {
            count += 1
            bytes += event.event.json.count
        }
        let batch = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        underWay += 1
        return (batch, bytes)
    }
}
