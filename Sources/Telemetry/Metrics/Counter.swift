// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Synchronization

/// A number that only grows: one relaxed atomic addition, so hot paths may count.
public final class Counter: Sendable {
    private let count = Atomic<UInt64>(0)

    /// A counter at zero; hand it out through ``MetricsRegistry`` so that it is shown.
    public init() {}

    /// Adds one.
    public func increment() { count.wrappingAdd(1, ordering: .relaxed) }

    /// Adds `amount`; negative amounts count as nothing, since a counter never goes back.
    public func increment(by amount: Int) {
        guard amount > 0 else { return }
        count.wrappingAdd(UInt64(amount), ordering: .relaxed)
    }

    /// What has been counted since the start.
    public var value: UInt64 { count.load(ordering: .relaxed) }
}
