// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound of the status page.
public struct StatusLimits: Hashable, Sendable {
    /// **Milliseconds** for which what was found out is good for everybody who asks.
    public var freshMilliseconds: Int64 = 1_000
    /// **Milliseconds** between two rounds in which listeners are told what is new.
    public var roundMilliseconds: Int64 = 2_000
    /// Rounds without news after which listeners are told that we are still here.
    public var quietRounds = 8
    /// Rounds after which a listener has to come again, so that a place is nobody's for ever. How many listen at once is
    /// bounded by `TransportLimits.openAnswers`.
    public var rounds = 300

    public init() {}

    /// Upstream relays, repositories and problems that are listed at most.
    public static let (upstreamsListed, repositoriesListed, problemsListed) = (30, 20, 10)
}
