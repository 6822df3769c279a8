// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import RelayTransport

@Suite struct ByteRangeTests {
    @Test(arguments: [
        ("bytes=0-0", ByteRange.part(0..<1)), ("bytes=0-99", .part(0..<100)), ("bytes=90-", .part(90..<100)),
        ("bytes=-10", .part(90..<100)), ("bytes=-1000", .part(0..<100)), ("bytes=50-1000", .part(50..<100)),
        ("Bytes = 1-2", .part(1..<3)), ("bytes=99-99999999999999999999999", .part(99..<100)),
        ("bytes=100-", .unsatisfiable), ("bytes=100-200", .unsatisfiable), ("bytes=-0", .unsatisfiable),
        ("bytes=99999999999999999999-", .unsatisfiable),
        ("bytes=5-4", .whole), ("bytes=-", .whole), ("bytes=", .whole), ("bytes=a-b", .whole),
        ("bytes=0-1,3-4", .whole), ("items=0-1", .whole), ("", .whole), ("bytes=+1-2", .whole),
        ("bytes=1--2", .whole),
    ]) func `a range is heeded, refused or passed over`(header: String, expected: ByteRange) {
        #expect(ByteRange(header, size: 100) == expected)
    }

    @Test func `of nothing there is no range`() {
        #expect(ByteRange("bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=-1", size: 0) == .unsatisfiable)
    }
}
