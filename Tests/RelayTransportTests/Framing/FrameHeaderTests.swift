// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import Testing

@testable import RelayTransport

@Suite struct FrameHeaderTests {
    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
    func `what is written is read again`(payloadLength: Int) throws {
        for mask in [nil, 0xA1B2_C3D4] as [UInt32?] {
            let role: WebSocketRole = mask == nil ? .client : .server
            let length = FrameHeader.length(forPayload: payloadLength, isMasked: mask != nil)
            var buffer = ByteBuffer(repeating: 0, count: length)
            FrameHeader.set(.text, payloadLength: payloadLength, mask: mask, at: 0, of: &buffer)
            let bytes = Array(buffer.readableBytesView)
            for cut in 0..<bytes.count {
                #expect(try FrameHeader.read(Array(bytes[..<cut]).span, as: role) == nil)
            }
            let header = FrameHeader(
                isFinal: true, opcode: .text, mask: mask, headerLength: length, payloadLength: payloadLength)
            #expect(try FrameHeader.read(bytes.span, as: role) == header)
        }
    }

    @Test(
        arguments: [
            ([0xC1], .reservedBits), ([0xA1], .reservedBits), ([0x91], .reservedBits),
            ([0x83], .unknownOpcode), ([0x8B], .unknownOpcode), ([0x8F], .unknownOpcode),
            ([0x09], .fragmentedControl), ([0x08], .fragmentedControl),
            ([0x81, 0x05], .unmasked), ([0x89, 0xFE], .longControl),
            ([0x81, 0xFE, 0, 125, 1, 2, 3, 4], .badLength),
            ([0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 1, 2, 3, 4], .badLength),
            ([0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], .badLength),
        ] as [([UInt8], ProtocolViolation)])
    func `a broken header is refused as soon as it can be seen`(bytes: [UInt8], violation: ProtocolViolation)
    {
        #expect(throws: violation) { try FrameHeader.read(bytes.span, as: .server) }
    }

    @Test func `a client refuses masked frames`() {
        #expect(throws: ProtocolViolation.masked) { try FrameHeader.read([0x81, 0x85].span, as: .client) }
    }

    @Test(arguments: 0..<70) func `masking goes over the whole payload and back`(length: Int) {
        let key: [UInt8] = [0xDE, 0xAD, 0xBE, 0x0F]
        let plain = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let expected = plain.enumerated().map { $1 ^ key[$0 % 4] }
        let word = key.withUnsafeBytes { $0.load(as: UInt32.self) }
        var bytes = plain
        bytes.withUnsafeMutableBytes { applyMask(word, to: $0) }
        #expect(bytes == expected)
        bytes.withUnsafeMutableBytes { applyMask(word, to: $0) }
        #expect(bytes == plain)
    }
}
