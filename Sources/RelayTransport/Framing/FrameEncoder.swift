// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// Frames out (RFC 6455 §5): every message is one final frame.
extension ByteBuffer {
    /// Appends a frame whose payload length is known only when `fill` has written it.
    ///
    /// Room for the header of a middle-sized frame is left first; for other sizes the payload is moved.
    ///
    /// - Parameter mask: a client's key, of chance that nobody can foresee; `nil` for a server.
    mutating func writeFrame(
        _ opcode: Opcode, isCompressed: Bool = false, mask: UInt32?, _ fill: (inout ByteBuffer) -> Void
    ) {
        let start = writerIndex
        let room = FrameHeader.length(forPayload: 126, isMasked: mask != nil)
        leaveRoom(room)
        fill(&self)
        let payloadLength = writerIndex - start - room
        precondition(payloadLength >= 0, "a frame may only be appended to")
        let headerLength = FrameHeader.length(forPayload: payloadLength, isMasked: mask != nil)
        if headerLength != room {
            if headerLength > room { leaveRoom(headerLength - room) }
            movePayload(from: start + room, to: start + headerLength, length: payloadLength)
            moveWriterIndex(to: start + headerLength + payloadLength)
        }
        FrameHeader.set(
            opcode, isCompressed: isCompressed, payloadLength: payloadLength, mask: mask, at: start, of: &self
        )
        if let mask { maskPayload(at: start + headerLength, length: payloadLength, with: mask) }
    }

    /// Appends the header of an unmasked frame; its payload follows.
    mutating func writeFrameHeader(_ opcode: Opcode, isCompressed: Bool = false, payloadLength: Int) {
        let start = writerIndex
        leaveRoom(FrameHeader.length(forPayload: payloadLength, isMasked: false))
        FrameHeader.set(
            opcode, isCompressed: isCompressed, payloadLength: payloadLength, mask: nil, at: start, of: &self)
    }

    /// Moves the writer index; the bytes are written later.
    private mutating func leaveRoom(_ count: Int) {
        reserveCapacity(minimumWritableBytes: count)
        moveWriterIndex(forwardBy: count)
    }

    /// The ranges may overlap.
    private mutating func movePayload(from: Int, to: Int, length: Int) {
        let base = readerIndex
        withUnsafeMutableReadableBytes { bytes in
            guard let start = bytes.baseAddress, length > 0 else { return }
            (start + (to - base)).copyMemory(from: start + (from - base), byteCount: length)
        }
    }

    private mutating func maskPayload(at index: Int, length: Int, with mask: UInt32) {
        let offset = index - readerIndex
        withUnsafeMutableReadableBytes { bytes in
            applyMask(mask, to: UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + length]))
        }
    }
}
