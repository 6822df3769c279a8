// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension ClientMessage {
    /// Reads one message: the whole text is one JSON array.
    public static func parse(_ json: Span<UInt8>) throws(ClientMessageError) -> ClientMessage {
        fatalError("not written yet")
    }
    /// The same for an array.
    public static func parse(_ json: [UInt8]) throws(ClientMessageError) -> ClientMessage {
        try parse(json.span)
    }

    /// Appends the message without white space.
    public func appendJSON(to output: inout [UInt8]) { fatalError("not written yet") }
}
