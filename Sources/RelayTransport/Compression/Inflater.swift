// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CZlib

/// Decompresses one message after the other, none of which refers to another (RFC 7692 §7.2.2).
final class Inflater {
    /// On the heap, as zlib keeps a pointer back to it.
    private let stream: UnsafeMutablePointer<z_stream>
    private var scratch: [UInt8] = []

    /// What is kept between two messages for what they become.
    static let keptScratch = 65_536
    /// What the sender of a message leaves out at its end.
    static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = inflateInit2_(
            stream, -Int32(DeflateTerms.mostBits), ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(code == Z_OK, "zlib has no memory, or is another version than its header")
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Lends out what a message's payload stands for. Never holds more than twice `limit` for it.
    ///
    /// - Throws: ``ProtocolViolation/tooLong`` when that is more than `limit` bytes,
    ///   ``ProtocolViolation/badCompression`` when it is no deflate, or ends in the midst of it.
    func inflate(_ payload: Span<UInt8>, limit: Int, _ body: (Span<UInt8>) -> Void) throws(ProtocolViolation)
    {
        // Properly said with one byte, 00.
        if payload.isEmpty { return body(payload) }
        // Taken out, so that whoever is lent the text may do what he likes.
        var output = scratch
        scratch = []
        defer { if output.count <= Self.keptScratch { scratch = output } }
        inflateReset(stream)
        var length = 0
        var isOver = try inflate(payload, &output, &length, limit)
        // A sender that ended its deflate for good has nothing left out.
        if !isOver {
            isOver = try inflate(Self.tail.span, &output, &length, limit)
            // 128: between two blocks.
            guard isOver || stream.pointee.data_type & 128 != 0 else { throw .badCompression }
        }
        body(output.span.extracting(..<length))
    }

    /// - Returns: whether the last block ended with the last byte.
    private func inflate(
        _ input: Span<UInt8>, _ output: inout [UInt8], _ length: inout Int, _ limit: Int
    ) throws(ProtocolViolation) -> Bool {
        var read = 0
        while true {
            if length == output.count {
                guard length <= limit else { throw .tooLong }
                let larger = min(max(length * 2, 4_096), limit + 1)
                output.append(contentsOf: repeatElement(0, count: larger - length))
            }
            let code = step(input.extracting(read...), &output, &read, &length)
            guard length <= limit else { throw .tooLong }
            switch code {
            case Z_STREAM_END:
                if read == input.count { return true }
                // More may follow the last block: an empty one, by all that is known.
                inflateReset(stream)
            case Z_OK, Z_BUF_ERROR:
                if read == input.count, length < output.count { return false }
            default: throw .badCompression
            }
        }
    }

    private func step(
        _ input: Span<UInt8>, _ output: inout [UInt8], _ read: inout Int, _ length: inout Int
    ) -> Int32 {
        input.withUnsafeBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                stream.pointee.avail_in = UInt32(source.count)
                stream.pointee.next_out = target.baseAddress.map { $0 + length }
                stream.pointee.avail_out = UInt32(target.count - length)
                let code = CZlib.inflate(stream, Z_SYNC_FLUSH)
                read += source.count - Int(stream.pointee.avail_in)
                length = target.count - Int(stream.pointee.avail_out)
                return code
            }
        }
    }
}
