// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What is known of an event that was too long to be read whole.
public struct EventOutline: Hashable, Sendable {
    /// The event without its long strings, above all its content: good to be matched, and for nothing else.
    public let event: Event
    /// Whether all its tags are there.
    public let hasAllTags: Bool

    public init(event: Event, hasAllTags: Bool) {
        self.event = event
        self.hasAllTags = hasAllTags
    }
}
