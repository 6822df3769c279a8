// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension RelayMessage {
    /// Reads one message: the whole text is one JSON array. Texts are cut to ``CodecLimits/maxTextLength``.
    public static func parse(_ json: Span<UInt8>) throws(RelayMessageError) -> RelayMessage {
        fatalError("not written yet")
    }
    /// The same for an array.
    public static func parse(_ json: [UInt8]) throws(RelayMessageError) -> RelayMessage {
        try parse(json.span)
    }

    /// Appends the message without white space.
    public func appendJSON(to output: inout [UInt8]) { fatalError("not written yet") }
}
