// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import TestSupport
import Testing

@testable import RelayTransport

@Suite struct InflaterTests {
    private func inflated(
        _ payload: [UInt8], limit: Int = 1 << 20, by inflater: Inflater = Inflater()
    ) throws -> [UInt8] {
        var text: [UInt8] = []
        try inflater.inflate(payload.span, limit: limit) { text = $0.withUnsafeBufferPointer { Array($0) } }
        return text
    }

    static func deflated(_ text: [UInt8], windowBits: Int = 15, memoryLevel: Int = 8) -> [UInt8] {
        var output = ByteBuffer()
        Deflater(windowBits: windowBits, memoryLevel: memoryLevel).append(text.span, to: &output)
        return Array(output.readableBytesView)
    }

    /// RFC 7692 §7.2.3.
    @Test(
        arguments: [
            [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],
            [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],
            [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
            // Ended for good, with nothing after it.
            [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],
        ] as [[UInt8]])
    func `the examples of the standard say hello`(payload: [UInt8]) throws {
        #expect(try inflated(payload) == Array("Hello".utf8))
    }

    @Test func `nothing is a text as well`() throws {
        #expect(try inflated([0x00]) == [])
        #expect(try inflated([]) == [])
    }

    @Test(
        arguments: [
            [0xFF], [0x07], [0x00, 0x05, 0x00, 0x00, 0x00, 1, 2, 3, 4, 5],
            // Cut short.
            [0xF2, 0x48, 0xCD], [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65],
            // Refers to what was before its start.
            [0x4A, 0x04, 0x53, 0x00],
        ] as [[UInt8]])
    func `what is no deflate is refused`(payload: [UInt8]) {
        #expect(throws: ProtocolViolation.badCompression) { try inflated(payload) }
    }

    @Test func `a text may be as long as the limit and no longer, however short it came`() throws {
        let inflater = Inflater()
        for limit in [0, 1, 4_095, 4_096, 4_097, 70_000] {
            let text = Array(repeating: UInt8(ascii: "x"), count: limit)
            #expect(try inflated(Self.deflated(text), limit: limit, by: inflater) == text)
            #expect(throws: ProtocolViolation.tooLong) {
                try inflated(Self.deflated(text + [1]), limit: limit, by: inflater)
            }
        }
        let bomb = Self.deflated(Array(repeating: 0, count: 5_000_000))
        #expect(bomb.count < 30_000)
        #expect(throws: ProtocolViolation.tooLong) { try inflated(bomb, limit: 65_536, by: inflater) }
        #expect(
            try inflated([0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], by: inflater) == Array("Hello".utf8))
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `what was compressed comes back, and what was changed on its way does no harm`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let length = [0, 1, 300, 5_000].randomElement(using: &generator) ?? 0
        let letters = UInt8.random(in: 1...255, using: &generator)
        let text = (0..<length).map { _ in UInt8.random(in: 0..<letters, using: &generator) }
        let bits = Int.random(in: 9...15, using: &generator)
        let level = Int.random(in: 1...9, using: &generator)
        var payload = Self.deflated(text, windowBits: bits, memoryLevel: level)
        let inflater = Inflater()
        #expect(try inflated(payload, by: inflater) == text, "seed \(seed)")
        for _ in 0..<8 where !payload.isEmpty {
            let index = Int.random(in: 0..<payload.count, using: &generator)
            payload[index] = .random(in: .min ... .max, using: &generator)
            if let other = try? inflated(payload, limit: 100_000, by: inflater) {
                #expect(other.count <= 100_000, "seed \(seed)")
            }
        }
        #expect(try inflated(Self.deflated(text), by: inflater) == text, "seed \(seed)")
    }

    @Test func `what all get is compressed once, and again when it is another or for another window`() throws
    {
        let loop = LoopCompression()
        let trailer = Array("]".utf8)
        let body = ByteBuffer(repeating: UInt8(ascii: "a"), count: 5_000)
        func shared(_ body: ByteBuffer, _ bits: Int) -> ByteBuffer {
            loop.shared(body, trailer: trailer.span, windowBits: bits)
        }
        func place(_ buffer: ByteBuffer) -> UnsafeRawPointer? {
            buffer.withUnsafeReadableBytes(\.baseAddress)
        }
        let first = shared(body, 15)
        #expect(place(shared(body, 15)) == place(first))
        #expect(place(shared(body, 9)) != place(first))
        let equal = ByteBuffer(bytes: Array(body.readableBytesView))
        #expect(place(shared(equal, 15)) != place(first))
        #expect(shared(equal, 15) == first)
        let text = try inflated(Array(first.readableBytesView))
        #expect(text == Array(body.readableBytesView) + trailer)
    }
}
