// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How much of something is let through: so much at once, and so much again with every second.
public struct Rate: Hashable, Sendable {
    /// With every **second**; 0 for as much as anybody likes.
    public var perSecond: Double
    /// At once, after a rest.
    public var burst: Double

    public init(perSecond: Double, burst: Double) {
        self.perSecond = perSecond
        self.burst = burst
    }

    public var isUnlimited: Bool { perSecond <= 0 }

    /// How long it takes until there is so much more; nobody is told of more than a day.
    func time(for amount: Double) -> Duration { .seconds(min(amount / perSecond, 86_400)) }
}
