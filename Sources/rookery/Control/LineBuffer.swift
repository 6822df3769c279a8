// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// Cuts a stream of bytes into lines; a line that is too long is dropped as it comes, so memory stays bounded.
struct LineBuffer {
    /// One line without its end.
    enum Line: Hashable {
        case whole([UInt8])
        /// Longer than ``LineBuffer/maxLength``.
        case tooLong
    }

    /// **Bytes** of one line, its end not counted.
    let maxLength: Int
    private var bytes: [UInt8] = []
    private var start = 0
    private var searched = 0
    private var isSkipping = false

    init(maxLength: Int) { self.maxLength = maxLength }

    /// Takes what was read.
    mutating func append(_ chunk: some Collection<UInt8>) {
        if start > 0 {
            bytes.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        bytes.append(contentsOf: chunk)
    }

    /// The next line, if its end has been read.
    mutating func next() -> Line? {
        guard let end = endOfLine() else {
            searched = bytes.count
            if bytes.count - start > maxLength {
                isSkipping = true
                start = bytes.count
            }
            return nil
        }
        defer {
            start = end + 1
            searched = start
            isSkipping = false
        }
        return isSkipping || end - start > maxLength ? .tooLong : .whole(trimmed(start..<end))
    }

    private func endOfLine() -> Int? {
        bytes.withUnsafeBytes { bytes in
            guard searched < bytes.count, let start = bytes.baseAddress,
                let found = memchr(start + searched, Int32(UInt8(ascii: "\n")), bytes.count - searched)
            else { return nil }
            return UnsafeRawPointer(found) - start
        }
    }

    /// What stands after the last end of a line, if anything does.
    mutating func rest() -> Line? {
        defer {
            start = bytes.count
            searched = start
            isSkipping = false
        }
        if isSkipping || bytes.count - start > maxLength { return .tooLong }
        return start < bytes.count ? .whole(trimmed(start..<bytes.count)) : nil
    }

    /// Without the carriage return that some systems put before the end.
    private func trimmed(_ range: Range<Int>) -> [UInt8] {
        let hasReturn = !range.isEmpty && bytes[range.upperBound - 1] == UInt8(ascii: "\r")
        return Array(bytes[hasReturn ? range.dropLast() : range])
    }
}
