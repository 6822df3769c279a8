// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Writes JSON strings as NIP-01 escapes them.
public enum JSONText {
    /// Appends `"…"`: the seven escapes of NIP-01, other control characters as `\u00xx`, all else as it is.
    public static func appendQuoted(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        fatalError("not written yet")
    }
    /// The same for an array.
    public static func appendQuoted(_ bytes: [UInt8], to output: inout [UInt8]) {
        appendQuoted(bytes.span, to: &output)
    }
    /// The same for text.
    public static func appendQuoted(_ text: String, to output: inout [UInt8]) {
        var text = text
        text.withUTF8 { appendQuoted($0.span, to: &output) }
    }
}
