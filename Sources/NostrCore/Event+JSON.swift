// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Event {
    /// Reads one JSON object: strict about NIP-01's fields, tolerant of their order, of white space and of
    /// further fields, which are dropped.
    public static func parse(_ json: Span<UInt8>) throws(EventError) -> ParsedEvent {
        fatalError("not written yet")
    }

    /// The same for an array.
    public static func parse(_ json: [UInt8]) throws(EventError) -> ParsedEvent { try parse(json.span) }

    /// Takes bytes that are canonical already, from the store: finds the layout and checks nothing else.
    public init?(canonical json: [UInt8]) { fatalError("not written yet") }
}
