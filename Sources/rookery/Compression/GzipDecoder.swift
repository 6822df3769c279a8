// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CZlib

/// Reads gzip (RFC 1952), any number of members one after the other.
final class GzipDecoder: ByteDecoder {
    /// On the heap, as zlib keeps a pointer back to it.
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var isAtEnd = true

    /// The largest window, and 16 for gzip's own header and end.
    private static let windowBits: Int32 = 15 + 16

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = inflateInit2_(
            stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(code == Z_OK, "zlib has no memory, or is another version than its header")
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> ByteStep {
        if isAtEnd {
            // Between two members, or before the first.
            if input.isEmpty { return ByteStep(taken: 0, made: 0) }
            inflateReset(stream)
            isAtEnd = false
        }
        // zlib does not write to its input, though its header says so.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
        let code = inflate(stream, Z_NO_FLUSH)
        switch code {
        case Z_STREAM_END: isAtEnd = true
        case Z_OK, Z_BUF_ERROR: break
        default: return ByteStep(taken: 0, made: 0, problem: "not readable as gzip")
        }
        return ByteStep(
            taken: input.count - Int(stream.pointee.avail_in),
            made: output.count - Int(stream.pointee.avail_out))
    }
}
