// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc

/// What a run of the load generator showed: how much was answered, how late, and what it cost either side.
struct Load {
    /// Requests or events answered, or deliveries made.
    var operations = 0
    /// Events that came back.
    var events = 0
    var latencies = Latencies([])
    var effort = Effort()

    /// **A second**.
    var rate: Double { Double(operations) / effort.seconds }

    /// `3.1 + 4.0 µs`: of the relay's processor and the generator's, for each operation.
    var cost: String {
        String(
            format: "%.1f + %.1f µs", effort.relay / Double(max(operations, 1)) * 1e6,
            effort.generator / Double(max(operations, 1)) * 1e6)
    }
}

/// **Seconds** that passed, and those of processors: the relay's and the load generator's own.
///
/// Both share the machine, so a rate says who is in the other's way as well; processor time for each operation does not.
struct Effort {
    var seconds = 0.0
    var relay = 0.0
    var generator = 0.0

    init() {}

    /// - Parameter relay: whose processor time is counted; nobody's when `nil`.
    init(of relay: MeasuredProcess?, _ body: () throws -> Void) rethrows {
        let (start, theirs, ours) = (Clock.now, relay?.processorSeconds() ?? 0, Clock.ownProcessor)
        try body()
        seconds = Clock.now - start
        self.relay = (relay?.processorSeconds() ?? 0) - theirs
        generator = Clock.ownProcessor - ours
    }
}
