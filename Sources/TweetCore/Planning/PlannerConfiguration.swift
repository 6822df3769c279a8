// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the planner goes by. Times in **milliseconds**.
public struct PlannerConfiguration: Hashable, Sendable {
    /// Between two polls of an account that posts now and then.
    public var pollInterval: Int64 = 300_000
    /// How much longer an account that is silent, or whose posts are pushed, may go unasked.
    public var patience: Int64 = 4
    /// Pages read of an account in one turn; the rest waits for its next turn.
    public var pagesPerPoll = 5
    /// Questions under way at a time.
    public var concurrency = 3
    /// Posts mirrored of an account that was never read.
    public var backfill = 20
    /// What others post around the accounts.
    public var terms: Set<SearchShard.Term> = []
    public var asksQuotes = false
    /// Between two looks at a quoted post.
    public var quoteInterval: Int64 = 4 * 3_600_000
    /// Between two looks at young posts: whether they are still there.
    public var sweepInterval: Int64 = 6 * 3_600_000
    /// Between two looks at how often posts were liked and reposted (R14); `nil`: never.
    public var metricsInterval: Int64? = 3_600_000
    /// Between two looks at profiles.
    public var profileInterval: Int64 = 24 * 3_600_000
    public var backoffMax: Int64 = 3_600_000
    /// After which a credential, or money that ran out, is tried again.
    public var probeInterval: Int64 = 3_600_000
    /// How long nobody asks while the circuit breaker rests.
    public var restInterval: Int64 = 30_000

    public init() {}

    /// How long a list is left alone that could not be read so often in a row (R5): twice as long each time, from twice
    /// the time between two polls.
    public func backoff(after failures: Int64) -> Int64 {
        min(backoffMax, min(pollInterval, 300_000) << min(5, max(0, failures)))
    }
}

/// Bounds of the planner.
public struct PlannerLimits: Hashable, Sendable {
    /// Accounts watched at a time.
    public static let accounts = 10_000
    /// **Milliseconds** by which X's clock may be before ours: ids from later are not believed.
    public static let clockSlack: Int64 = 600_000
    /// Ids or handles in one question (X API v2).
    public static let namesPerQuestion = 100
    /// Young posts looked at in one round.
    public static let swept = 10_000
    /// Posts whose counts are read in one round: ten questions.
    public static let counted = 1_000
    /// Quoted posts in one search (512 characters).
    public static let quotesPerSearch = 12
}
