// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Cuts a stream of bytes into lines that end with `\r\n` or `\n`.
public struct LineSplitter: Sendable {
    /// **Bytes** of one line.
    public let lineMax: Int
    private var rest: [UInt8] = []

    public init(lineMax: Int) { self.lineMax = lineMax }

    /// The lines that end in these bytes, without their ends.
    ///
    /// - Throws: ``ReadingError/tooLarge`` for a line without an end.
    public mutating func append(_ bytes: some Sequence<UInt8>) throws(ReadingError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
                lines.append(rest)
                rest.removeAll()
            } else {
                guard rest.count < lineMax else { throw .tooLarge }
                rest.append(byte)
            }
        }
        return lines
    }
}
