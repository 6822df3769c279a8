// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// Every bound of the moderation page.
public struct ModerationLimits: Hashable, Sendable {
    /// Items of a page.
    public var page = 25
    /// Items of a page of the API at the most.
    public var apiPage = 200
    /// Items looked through for one page when there are filters.
    public var scanned = 2_000
    /// Items that are counted by state; beyond them a page says `1000+`.
    public var counted = 1_000
    /// **Bytes** of a form or a call.
    public var formBytes = 65_536
    /// Items decided about at once.
    public var decisions = 200
    /// **Unicode scalars** of a text in a list, and on its own page.
    public var listedText = 400
    public var shownText = 20_000
    /// **Unicode scalars** of a name.
    public var nameText = 64
    /// Tags of an event that are shown, and **Unicode scalars** of each value.
    public var shownTags = 200
    public var shownTagText = 600
    /// Lines of an item's trail that are shown.
    public var trail = 200
    public var sessions = SessionBounds()

    public init() {}
}
