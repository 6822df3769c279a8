// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// Encoding into the burst buffer.
extension WebSocketConnection {
    func appendFrame(_ opcode: Opcode, _ fill: (inout ByteBuffer) -> Void) {
        reserveBurst()
        let mask = role == .client ? UInt32.random(in: .min ... .max) : nil
        burst.writeFrame(opcode, mask: mask, fill)
    }

    /// Appends the header of a frame whose unmasked payload follows.
    func appendHeader(_ opcode: Opcode, payloadLength: Int) {
        precondition(role == .server, "a client's frame is masked, so its payload must be known")
        reserveBurst()
        burst.writeFrameHeader(opcode, payloadLength: payloadLength)
    }

    /// Appends a text frame, compressed if that makes it shorter.
    func appendText(_ text: Span<UInt8>, _ compression: LoopCompression) {
        if text.count >= LoopCompression.leastLength {
            reserveBurst()
            let start = burst.writerIndex
            let mask = role == .client ? UInt32.random(in: .min ... .max) : nil
            burst.writeFrame(.text, isCompressed: true, mask: mask) {
                compression.deflate(text, windowBits: windowBits, to: &$0)
            }
            if burst.writerIndex - start < text.count { return }
            burst.moveWriterIndex(to: start)
        }
        appendFrame(.text) { $0.writeBytes(text.bytes) }
    }

    /// Sends a text of three parts, the second of which was compressed once for all: before it goes the first, as it is.
    ///
    /// ```
    /// stored block (RFC 1951 §3.2.4)             deflate blocks
    /// ┌────┬────────────┬─────────────┬────────┬─────────────────────────┐
    /// │ 00 │ length, LE │ ¬length, LE │ header │ body and trailer, shared │
    /// └────┴────────────┴─────────────┴────────┴─────────────────────────┘
    /// ```
    ///
    /// - Returns: whether it was sent; not when it would be no shorter.
    func sendCompressed(
        _ header: Span<UInt8>, _ body: ByteBuffer, _ trailer: Span<UInt8>, _ compression: LoopCompression
    ) -> Bool {
        let length = header.count + body.readableBytes + trailer.count
        guard role == .server, length >= LoopCompression.leastLength, header.count <= UInt16.max else {
            return false
        }
        eventLoop.preconditionInEventLoop()
        guard isOpen else { return true }
        let shared = compression.shared(body, trailer: trailer, windowBits: windowBits)
        let compressedLength = 5 + header.count + shared.readableBytes
        guard compressedLength < length else { return false }
        reserveBurst()
        burst.writeFrameHeader(.text, isCompressed: true, payloadLength: compressedLength)
        burst.writeInteger(UInt8(0))
        burst.writeInteger(UInt16(header.count), endianness: .little)
        burst.writeInteger(~UInt16(header.count), endianness: .little)
        burst.writeBytes(header.bytes)
        if shared.readableBytes >= Self.sharedBodyLength {
            handOverBurst()
            handOver(shared)
            flush()
        } else {
            burst.writeImmutableBuffer(shared)
        }
        didAppend()
        return true
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

    /// Sends the burst buffer rather than have it grow beyond ``burstLength``.
    func makeRoom(for count: Int) {
        if burst.readableBytes > 0, burst.readableBytes + count + FrameHeader.longest > Self.burstLength {
            flush(promise: nil)
        }
    }

    func reserveBurst() {
        settleRun()
        if burst.capacity == 0 { burst.reserveCapacity(burstCapacity) }
    }
}
