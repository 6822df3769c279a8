// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound of conversion.
public enum ConversionLimits {
    /// Events that one deletion names.
    public static let deletions = 100
    /// **Characters** of another's text that a post shows where that has no event.
    public static let excerpt = 280
    /// Media of one post that are shown; X allows four.
    public static let media = 16
    /// Tags `p`, and tags `t`, of one event.
    public static let people = 100
    public static let hashtags = 50
    /// **Bytes** of a URL; a longer one is not put into an event.
    public static let url = 2_048
}
