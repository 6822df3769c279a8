// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Cuts a stream of bytes into JSON objects: one a line, one behind the other, or inside one array.
///
/// A damaged object costs itself: where a line begins with `{` in its first column, another object begins.
public struct DocumentSplitter: Sendable {
    /// **Bytes** of one object; what is longer is left out.
    public let bytesMax: Int
    private var object: [UInt8] = []
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var isAtLineStart = true
    private var isTooLong = false
    private var isDamaged = false
    /// The line that is read, from 1.
    public private(set) var line = 1
    private var firstLine = 1

    /// A piece of the stream.
    public enum Piece: Hashable, Sendable {
        /// An object, and the line on which it begins.
        case document([UInt8], line: Int)
        /// What is no object, and why.
        case damaged(line: Int, String)
    }

    public init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// The pieces that end in these bytes.
    public mutating func append(_ bytes: some Sequence<UInt8>) -> [Piece] {
        var pieces: [Piece] = []
        for byte in bytes { take(byte, &pieces) }
        return pieces
    }

    /// What is left at the end of the stream.
    public mutating func finish() -> [Piece] {
        defer { begin() }
        return depth > 0 ? [.damaged(line: firstLine, "an object without an end")] : []
    }

    private mutating func take(_ byte: UInt8, _ pieces: inout [Piece]) {
        defer {
            isAtLineStart = byte == UInt8(ascii: "\n")
            if isAtLineStart { line += 1 }
        }
        if isAtLineStart, depth > 0, byte == UInt8(ascii: "{") {
            pieces.append(.damaged(line: firstLine, "an object without an end"))
            begin()
        }
        if depth == 0 { return outside(byte, &pieces) }
        if object.count < bytesMax { object.append(byte) } else { isTooLong = true }
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "}"):
            depth -= 1
            guard depth == 0 else { return }
            pieces.append(
                isTooLong
                    ? .damaged(line: firstLine, "an object of more than \(bytesMax) bytes")
                    : .document(object, line: firstLine))
            begin()
        default: break
        }
    }

    private mutating func outside(_ byte: UInt8, _ pieces: inout [Piece]) {
        switch byte {
        case UInt8(ascii: "{"):
            begin()
            object = [byte]
            depth = 1
            firstLine = line
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: ","), UInt8(ascii: "["),
            UInt8(ascii: "]"), 0xEF, 0xBB, 0xBF:
            // White space, what is between the elements of an array, and the mark that some editors put first.
            break
        case UInt8(ascii: "\n"): isDamaged = false
        default:
            if !isDamaged { pieces.append(.damaged(line: line, "no JSON object")) }
            // Once a line is enough.
            isDamaged = true
        }
    }

    private mutating func begin() {
        object.removeAll(keepingCapacity: object.capacity <= 1 << 20)
        (depth, isInString, isEscaped, isTooLong, isDamaged) = (0, false, false, false, false)
    }
}
