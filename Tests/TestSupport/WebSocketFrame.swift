// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// One WebSocket frame (RFC 6455 §5.2), also a broken one.
public struct WebSocketFrame: Hashable, Sendable {
    /// FIN.
    public var isFinal = true
    /// RSV1 … RSV3, the lowest three bits.
    public var reserved: UInt8 = 0
    /// 1 text, 2 binary, 8 close, 9 ping, 10 pong, 0 continuation; 3 … 7 and 11 … 15 mean nothing.
    public var opcode: UInt8
    /// The masking key; `nil` leaves the payload bare, which a server must refuse.
    public var mask: (UInt32)? = 0x1F2E_3D4C
    /// What it carries.
    public var payload: [UInt8]
    /// The length to claim, when it is not the payload's.
    public var claimedLength: UInt64?

    /// A frame with everything else as it should be.
    public init(opcode: UInt8, payload: [UInt8] = []) {
        self.opcode = opcode
        self.payload = payload
    }

    /// A whole text message.
    public static func text(_ text: String) -> WebSocketFrame { .init(opcode: 1, payload: Array(text.utf8)) }
    /// A whole binary message.
    public static func binary(_ bytes: [UInt8]) -> WebSocketFrame { .init(opcode: 2, payload: bytes) }
    /// A ping.
    public static func ping(_ bytes: [UInt8] = []) -> WebSocketFrame { .init(opcode: 9, payload: bytes) }
    /// A close frame with a code and a reason.
    public static func close(_ code: UInt16, _ reason: String = "") -> WebSocketFrame {
        .init(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 255)] + Array(reason.utf8))
    }

    /// The bytes on the wire.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | reserved << 4 | opcode]
        let masked: UInt8 = mask == nil ? 0 : 0x80
        let length = claimedLength ?? UInt64(payload.count)
        switch length {
        case ..<126: bytes.append(masked | UInt8(length))
        case ..<65_536: bytes += [masked | 126, UInt8(length >> 8), UInt8(length & 255)]
        default:
            bytes.append(masked | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: length >> UInt64(shift)))
            }
        }
        guard let mask else { return bytes + payload }
        let key = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: mask >> UInt32($0)) }
        bytes += key
        bytes.reserveCapacity(bytes.count + payload.count)
        for (index, byte) in payload.enumerated() { bytes.append(byte ^ key[index & 3]) }
        return bytes
    }

    /// Takes one frame from the front of `bytes`, starting at `start`, and moves `start` past it.
    ///
    /// - Returns: `nil` until the whole frame is there.
    public static func decode(_ bytes: [UInt8], from start: inout Int) -> WebSocketFrame? {
        guard bytes.count - start >= 2 else { return nil }
        let (first, second) = (bytes[start], bytes[start + 1])
        var at = start + 2
        func number(_ width: Int) -> UInt64? {
            guard bytes.count - at >= width else { return nil }
            defer { at += width }
            return bytes[at..<(at + width)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        var length = UInt64(second & 0x7F)
        if length >= 126 {
            guard let longer = number(length == 126 ? 2 : 8) else { return nil }
            length = longer
        }
        var mask: UInt32?
        if second & 0x80 != 0 {
            guard let key = number(4) else { return nil }
            mask = UInt32(key)
        }
        guard let count = Int(exactly: length), bytes.count - at >= count else { return nil }
        var frame = WebSocketFrame(opcode: first & 0x0F, payload: Array(bytes[at..<(at + count)]))
        frame.isFinal = first & 0x80 != 0
        frame.reserved = (first >> 4) & 7
        frame.mask = mask
        if let mask {
            let key = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: mask >> UInt32($0)) }
            for index in frame.payload.indices { frame.payload[index] ^= key[index & 3] }
        }
        start = at + count
        return frame
    }
}
