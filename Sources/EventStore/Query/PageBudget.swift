// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How far one page of a query may go before others get their turn.
public struct PageBudget {
    /// Events handed out.
    public var maxEvents: Int
    /// **Bytes** of JSON handed out; the event that passes it is the page's last.
    public var maxBytes: Int
    /// Index entries read, with ten for every record loaded.
    public var maxWork: Int
    /// Asked now and then while reading; `true` ends the page.
    public var shouldYield: (() -> Bool)?
    /// Work between two such questions.
    public var askEvery = 500

    public init(
        maxEvents: Int = .max, maxBytes: Int = .max, maxWork: Int = .max, shouldYield: (() -> Bool)? = nil
    ) {
        self.maxEvents = maxEvents
        self.maxBytes = maxBytes
        self.maxWork = maxWork
        self.shouldYield = shouldYield
    }

    /// Reads to the end.
    public static var unlimited: PageBudget { PageBudget() }
}

/// How a page ended.
public enum PageEnd: Hashable, Sendable {
    /// Call again.
    case more
    /// Nothing more will come; `isComplete` when no limit cut anything off.
    case finished(isComplete: Bool)
}
