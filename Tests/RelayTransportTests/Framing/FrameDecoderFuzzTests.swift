// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

@testable import RelayTransport

/// The decoder against itself: however a stream is cut, and whatever is in it, it finds the same and never traps.
@Suite struct FrameDecoderFuzzTests {
    @Test(arguments: 0..<160 as Range<UInt64>)
    func `any split of any stream gives the same items`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var stream = Self.stream(using: &generator)
        if seed % 2 == 1 { Self.mutate(&stream, using: &generator) }
        let role: WebSocketRole = seed % 5 == 0 ? .client : .server
        // Half of them meet messages that are too long, some of which are handed over in parts.
        let (most, inParts) = seed % 4 < 2 ? (2_000, 0) : (200, 1_000)
        func items(_ chunks: [[UInt8]]) -> [DecodedItem] {
            DecodedItem.all(in: chunks, as: role, maxMessageLength: most, maxLengthInParts: inParts)
        }
        let whole = items([stream])
        #expect(items(stream.map { [$0] }) == whole, "seed \(seed)")
        for _ in 0..<4 {
            #expect(items(Self.cut(stream, using: &generator)) == whole, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<80 as Range<UInt64>)
    func `what is too long is handed over as it was written, and the others are found around it`(seed: UInt64)
    {
        var generator = SplitMix64(seed: seed)
        var frames: [WebSocketFrame] = []
        var expected: [DecodedItem] = []
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
            let length = [0, 99, 100, 101, 300, 999, 70_000].randomElement(using: &generator) ?? 0
            let payload = (0..<length).map { _ in UInt8.random(in: 32...126, using: &generator) }
            var pieces = Self.pieces(of: payload, using: &generator)
            // Between two frames of a message there may be control frames.
            if Bool.random(using: &generator) {
                pieces.insert(.ping([1, 2]), at: Int.random(in: 0..<pieces.count, using: &generator))
                expected.append(.ping([1, 2]))
            }
            frames += pieces
            expected.append(length > 100 ? .inParts(payload) : .text(payload))
        }
        let stream = frames.flatMap(\.encoded)
        let found = DecodedItem.all(
            in: Self.cut(stream, using: &generator), maxMessageLength: 100, maxLengthInParts: 70_000)
        #expect(found == expected, "seed \(seed)")
    }

    @Test(arguments: 0..<80 as Range<UInt64>)
    func `what was encoded is found`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var frames: [WebSocketFrame] = []
        var expected: [DecodedItem] = []
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            let length = [0, 1, 125, 126, 700, 66_000].randomElement(using: &generator) ?? 0
            let payload = (0..<length).map { _ in UInt8.random(in: 32...126, using: &generator) }
            if Bool.random(using: &generator), payload.count < 126 {
                frames.append(.ping(payload))
                expected.append(.ping(payload))
            } else {
                frames += Self.pieces(of: payload, using: &generator)
                expected.append(.text(payload))
            }
        }
        let stream = frames.flatMap(\.encoded)
        #expect(DecodedItem.all(in: Self.cut(stream, using: &generator)) == expected, "seed \(seed)")
    }

    /// Frames of all kinds, mostly proper.
    private static func stream(using generator: inout SplitMix64) -> [UInt8] {
        var stream: [UInt8] = []
        for _ in 0..<Int.random(in: 1...20, using: &generator) {
            let length = Int.random(in: 0...300, using: &generator)
            var frame = WebSocketFrame(
                opcode: [0, 1, 1, 1, 1, 9, 10, 8, 2].randomElement(using: &generator) ?? 1,
                payload: (0..<length).map { _ in UInt8.random(in: 0...127, using: &generator) })
            if frame.opcode > 7 { frame.payload = Array(frame.payload.prefix(125)) }
            frame.isFinal = frame.opcode > 7 || Int.random(in: 0..<4, using: &generator) > 0
            frame.mask =
                Int.random(in: 0..<40, using: &generator) == 0
                ? nil : .random(in: .min ... .max, using: &generator)
            if Int.random(in: 0..<60, using: &generator) == 0 { frame.reserved = 4 }
            stream += frame.encoded
        }
        return stream
    }

    /// One message in one to four frames.
    private static func pieces(of payload: [UInt8], using generator: inout SplitMix64) -> [WebSocketFrame] {
        let chunks =
            Int.random(in: 0..<2, using: &generator) == 0
            ? [payload] : cut(payload, into: 4, using: &generator)
        return chunks.enumerated().map { index, chunk in
            var frame = WebSocketFrame(opcode: index == 0 ? 1 : 0, payload: chunk)
            frame.isFinal = index == chunks.count - 1
            frame.mask = .random(in: .min ... .max, using: &generator)
            return frame
        }
    }

    private static func mutate(_ stream: inout [UInt8], using generator: inout SplitMix64) {
        for _ in 0..<Int.random(in: 1...6, using: &generator) where !stream.isEmpty {
            let index = Int.random(in: 0..<stream.count, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: stream[index] = .random(in: .min ... .max, using: &generator)
            case 1: stream.remove(at: index)
            default: stream.insert(.random(in: .min ... .max, using: &generator), at: index)
            }
        }
    }

    private static func cut(
        _ bytes: [UInt8], into most: Int = 40, using generator: inout SplitMix64
    ) -> [[UInt8]] {
        var cuts = (0..<Int.random(in: 0..<most, using: &generator)).map { _ in
            Int.random(in: 0...bytes.count, using: &generator)
        }
        cuts = [0] + cuts.sorted() + [bytes.count]
        return zip(cuts, cuts.dropFirst()).map { Array(bytes[$0..<$1]) }
    }
}
