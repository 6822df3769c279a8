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
}
