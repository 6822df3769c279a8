// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

@Suite struct WebSocketFrameTests {
    @Test func `the examples of RFC 6455 section 5 7 are encoded to the byte`() {
        var frame = WebSocketFrame.text("Hello")
        frame.mask = nil
        #expect(frame.encoded == [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f])
        frame.mask = 0x37fa_213d
        #expect(frame.encoded == [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58])
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 100_000])
    func `a frame of any length comes back as it went`(length: Int) {
        let frame = WebSocketFrame.binary((0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        var start = 0
        #expect(WebSocketFrame.decode(frame.encoded, from: &start) == frame)
        #expect(start == frame.encoded.count)
    }

    @Test func `no part of a frame is taken for the whole`() {
        let bytes = WebSocketFrame.text(String(repeating: "x", count: 200)).encoded
        for length in 0..<bytes.count {
            var start = 0
            #expect(WebSocketFrame.decode(Array(bytes[..<length]), from: &start) == nil)
            #expect(start == 0)
        }
    }

    @Test func `a frame may claim another length than it has`() {
        var frame = WebSocketFrame.text("short")
        frame.claimedLength = 1 << 40
        #expect(frame.encoded[1] == 0x80 | 127)
        #expect(frame.encoded[2..<10] == [0, 0, 1, 0, 0, 0, 0, 0])
    }
}
