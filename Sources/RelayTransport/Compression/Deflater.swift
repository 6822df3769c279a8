// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CZlib
import NIOCore

/// Compresses one text after the other, none of which refers to another (RFC 7692 §7.2.1).
final class Deflater {
    /// On the heap, as zlib keeps a pointer back to it.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameters:
    ///   - windowBits: 9…15; the state takes `4 << windowBits` bytes for it.
    ///   - memoryLevel: 1…9; the state takes `512 << memoryLevel` bytes for it, a good part of which is cleared
    ///     before every text.
    init(windowBits: Int, memoryLevel: Int) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = deflateInit2_(
            stream, 1, Z_DEFLATED, -Int32(windowBits), Int32(memoryLevel), Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(code == Z_OK, "zlib has no memory, or is another version than its header")
    }

    deinit {
        deflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Appends what a message carries for a text: whole blocks, the last of them an empty stored one of which only the
    /// first byte is written.
    func append(_ text: Span<UInt8>, to output: inout ByteBuffer) {
        deflateReset(stream)
        text.withUnsafeBufferPointer { deflate($0, Z_SYNC_FLUSH, &output) }
        leaveOutTail(of: &output)
    }

    /// The same for a text in two parts.
    func append(_ text: Span<UInt8>, _ rest: Span<UInt8>, to output: inout ByteBuffer) {
        deflateReset(stream)
        text.withUnsafeBufferPointer { deflate($0, Z_NO_FLUSH, &output) }
        rest.withUnsafeBufferPointer { deflate($0, Z_SYNC_FLUSH, &output) }
        leaveOutTail(of: &output)
    }

    /// 00 00 FF FF, which the reader puts back.
    private func leaveOutTail(of output: inout ByteBuffer) {
        output.moveWriterIndex(to: output.writerIndex - Inflater.tail.count)
    }

    private func deflate(_ text: UnsafeBufferPointer<UInt8>, _ flush: Int32, _ output: inout ByteBuffer) {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: text.baseAddress)
        stream.pointee.avail_in = UInt32(text.count)
        // Room for the worst case: one call is enough, and it never ends exactly at the room's end.
        let room = text.count + text.count >> 3 + 128
        repeat {
            output.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { space in
                stream.pointee.next_out = space.bindMemory(to: UInt8.self).baseAddress
                stream.pointee.avail_out = UInt32(clamping: space.count)
                let free = Int(stream.pointee.avail_out)
                let code = CZlib.deflate(stream, flush)
                precondition(code == Z_OK || code == Z_BUF_ERROR, "zlib's state is broken")
                return free - Int(stream.pointee.avail_out)
            }
        } while stream.pointee.avail_out == 0
    }
}
