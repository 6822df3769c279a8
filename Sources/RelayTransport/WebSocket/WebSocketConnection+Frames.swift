// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// Encoding into the burst buffer.
extension WebSocketConnection {
    /// Appends a frame whose payload length is known only when `fill` has written it.
    ///
    /// Room for the header of a middle-sized frame is left first; for other sizes the payload is moved.
    func appendFrame(_ opcode: Opcode, _ fill: (inout ByteBuffer) -> Void) {
        reserveBurst()
        let isMasked = role == .client
        let start = burst.writerIndex
        let room = FrameHeader.length(forPayload: 126, isMasked: isMasked)
        burst.writeRepeatingByte(0, count: room)
        fill(&burst)
        let payloadLength = burst.writerIndex - start - room
        precondition(payloadLength >= 0, "a frame may only be appended to")
        let headerLength = FrameHeader.length(forPayload: payloadLength, isMasked: isMasked)
        if headerLength > room { burst.writeRepeatingByte(0, count: headerLength - room) }
        if headerLength != room {
            burst.copyBytes(within: start + room, to: start + headerLength, length: payloadLength)
            burst.moveWriterIndex(to: start + headerLength + payloadLength)
        }
        let mask = isMasked ? UInt32.random(in: .min ... .max) : nil
        FrameHeader.set(opcode, payloadLength: payloadLength, mask: mask, at: start, of: &burst)
        if let mask { maskPayload(at: start + headerLength, length: payloadLength, with: mask) }
    }

    /// Appends the header of a frame whose unmasked payload follows.
    func appendHeader(_ opcode: Opcode, payloadLength: Int) {
        precondition(role == .server, "a client's frame is masked, so its payload must be known")
        reserveBurst()
        let length = FrameHeader.length(forPayload: payloadLength, isMasked: false)
        let start = burst.writerIndex
        burst.writeRepeatingByte(0, count: length)
        FrameHeader.set(opcode, payloadLength: payloadLength, mask: nil, at: start, of: &burst)
    }

    /// Appends a close frame.
    ///
    /// - Parameter code: `nil` for an empty frame.
    func appendClose(_ code: CloseCode?, reason: String) {
        appendFrame(.close) { frame in
            guard let code else { return }
            frame.writeInteger(code.rawValue)
            var room = Self.reasonLength
            for scalar in reason.unicodeScalars {
                room -= UTF8.width(scalar)
                if room < 0 { break }
                frame.writeString(String(scalar))
            }
        }
    }

    /// The longest reason a close frame can carry, in bytes.
    static let reasonLength = 123

    private func reserveBurst() {
        if burst.capacity == 0 { burst.reserveCapacity(burstCapacity) }
    }

    private func maskPayload(at index: Int, length: Int, with mask: UInt32) {
        let offset = index - burst.readerIndex
        burst.withUnsafeMutableReadableBytes { bytes in
            applyMask(mask, to: UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + length]))
        }
    }
}

extension ByteBuffer {
    /// Moves bytes inside the buffer; the ranges may overlap.
    fileprivate mutating func copyBytes(within from: Int, to: Int, length: Int) {
        let base = readerIndex
        withUnsafeMutableReadableBytes { bytes in
            guard let start = bytes.baseAddress, length > 0 else { return }
            (start + (to - base)).copyMemory(from: start + (from - base), byteCount: length)
        }
    }
}
