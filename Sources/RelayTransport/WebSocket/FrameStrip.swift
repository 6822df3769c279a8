// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// Frames one after the other that many connections of an event loop are sent from the same bytes.
///
/// A connection remembers which of them it owes, and takes them without a copy once the strip is sealed. Confined to its
/// event loop.
public final class FrameStrip {
    private var bytes: ByteBuffer
    /// Whether nothing follows any more: a slice of bytes that still grow would have all of them copied.
    private(set) var isSealed = false

    /// - Parameter capacity: **bytes** of frames that it is made for.
    public init(capacity: Int) { bytes = ByteBufferAllocator().buffer(capacity: capacity) }

    /// **Bytes** of all frames.
    public var count: Int { bytes.writerIndex }

    /// Whether the next frame belongs on another one.
    public var isFull: Bool { count >= WebSocketConnection.burstLength }

    /// Appends one text frame, of which the header differs from subscription to subscription.
    ///
    /// - Returns: where it lies.
    public func append(header: Span<UInt8>, body: Span<UInt8>, trailer: UInt8) -> Range<Int> {
        precondition(!isSealed, "a sealed strip does not grow")
        let start = bytes.writerIndex
        let length = header.count + body.count + 1
        bytes.reserveCapacity(minimumWritableBytes: FrameHeader.longest + length)
        bytes.writeFrameHeader(.text, payloadLength: length)
        bytes.writeBytes(header.bytes)
        bytes.writeBytes(body.bytes)
        bytes.writeInteger(trailer)
        return start..<bytes.writerIndex
    }

    /// Nothing is appended from now on.
    public func seal() { isSealed = true }

    /// A part of it to be sent, without a copy, unless that would hold much more than it is.
    func slice(_ frames: Range<Int>) -> ByteBuffer? {
        guard isSealed, frames.count * 4 >= count else { return nil }
        return bytes.getSlice(at: frames.lowerBound, length: frames.count)
    }

    func copy(_ frames: Range<Int>, to buffer: inout ByteBuffer) {
        bytes.withUnsafeReadableBytes { _ = buffer.writeBytes($0[frames]) }
    }
}
