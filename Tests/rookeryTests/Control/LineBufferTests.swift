// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import rookery

@Suite struct LineBufferTests {
    /// All lines of `text`, fed in pieces of `size` bytes, and what is left after the last end.
    private func lines(_ text: String, size: Int, max: Int = 8) -> [LineBuffer.Line] {
        var buffer = LineBuffer(maxLength: max)
        var lines: [LineBuffer.Line] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            buffer.append(bytes[start..<min(start + size, bytes.count)])
            while let line = buffer.next() { lines.append(line) }
        }
        if let rest = buffer.rest() { lines.append(rest) }
        return lines
    }

    private func whole(_ text: String) -> LineBuffer.Line { .whole(Array(text.utf8)) }

    @Test(arguments: 1...20)
    func `lines are the same however they arrive`(size: Int) {
        let expected: [LineBuffer.Line] = [
            whole("one"), whole(""), whole("two"), .tooLong, whole("12345678"), .tooLong, whole("end"),
        ]
        #expect(
            lines("one\n\ntwo\r\n123456789\n12345678\n\(String(repeating: "x", count: 100))\nend", size: size)
                == expected)
    }

    @Test func `a last line that is too long is told`() {
        #expect(lines("a\n123456789", size: 4) == [whole("a"), .tooLong])
    }

    @Test func `nothing is left after a last end`() {
        #expect(lines("a\n", size: 4) == [whole("a")])
    }
}
