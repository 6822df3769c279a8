// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Lines of an import and of the control socket, and what unpacks them: the same lines however they are cut, and no step of an unpacker
/// goes beyond its buffers or stands still for ever.
enum LineFuzzer {
    static func feed(_ input: FuzzInput) {
        let bytes = input.dropping(1).array
        let maxLength = Int(input[0])
        let expected = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { line -> LineBuffer.Line in
                if line.count > maxLength { return .tooLong }
                return .whole(Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
            }
        // What follows the last end is a line if there is anything.
        let isEmptyAtEnd = bytes.last.map { $0 == UInt8(ascii: "\n") } ?? true
        let lines = Array(isEmptyAtEnd ? expected.dropLast() : expected[...])
        for seed in [input[input.count / 2] & 63, 0, 255] {
            claim(read(pieces(of: bytes, seed: seed), maxLength) == lines, "lines depend on how they are cut")
        }
        unpack(bytes, with: GzipDecoder())
        unpack(bytes, with: ZstdDecoder())
        pack(bytes, level: 1 + maxLength % 3)
    }

    private static func read(_ pieces: [ArraySlice<UInt8>], _ maxLength: Int) -> [LineBuffer.Line] {
        var buffer = LineBuffer(maxLength: maxLength)
        var lines: [LineBuffer.Line] = []
        for piece in pieces {
            buffer.append(piece)
            while let line = buffer.next() { lines.append(line) }
        }
        if let rest = buffer.rest() { lines.append(rest) }
        return lines
    }

    /// - Returns: `nil` for what cannot be unpacked.
    @discardableResult
    private static func unpack(_ bytes: [UInt8], with decoder: any ByteDecoder) -> [UInt8]? {
        var output = [UInt8](repeating: 0, count: 512)
        var (at, plain) = (0, [UInt8]())
        // A bomb is as long as it likes, a piece at a time.
        while plain.count < 1 << 18 {
            let step = bytes.withUnsafeBytes { bytes in
                output.withUnsafeMutableBytes {
                    decoder.decode(UnsafeRawBufferPointer(rebasing: bytes[at...]), into: $0)
                }
            }
            if step.problem != nil { return nil }
            claim((0...(bytes.count - at)).contains(step.taken), "more was taken than there is")
            claim((0...output.count).contains(step.made), "more was made than fits")
            if step.taken == 0, step.made == 0 { return at == bytes.count && decoder.isAtEnd ? plain : nil }
            at += step.taken
            plain += output.prefix(step.made)
        }
        return nil
    }

    private static func pack(_ bytes: [UInt8], level: Int) {
        let encoder = ZstdEncoder(level: level)
        var packed: [UInt8] = []
        encoder.encode(bytes, isLast: true) { packed += $0 }
        claim(unpack(packed, with: ZstdDecoder()) == bytes, "zstd comes back differently")
    }
}
