// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An event as it was received: well formed, its id not yet checked.
///
/// Most events have one spelling. One whose strings were escaped in another way than NIP-01's has two,
/// and its author may have hashed either: see ``withTrueID()``.
public struct ParsedEvent: Sendable, Hashable {
    /// The event with its strings escaped as NIP-01 does.
    public let event: Event
    /// The same event with its strings escaped as the sender wrote them, where that differs.
    public let asWritten: Event?

    public init(event: Event, asWritten: Event? = nil) {
        self.event = event
        self.asWritten = asWritten
    }

    public var id: EventID { event.id }

    /// What to hand on unjudged: the spelling that came in, so that the next one may judge it alike.
    var sentJSON: [UInt8] { asWritten?.json ?? event.json }

    /// The spelling that hashes to the claimed id; `nil` when none does.
    public func withTrueID() -> Event? {
        if event.hasTrueID() { return event }
        guard let asWritten, asWritten.hasTrueID() else { return nil }
        return asWritten
    }
}
