// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// Which side of a WebSocket conversation this process is.
enum WebSocketRole: Hashable, Sendable {
    /// Sends masked frames and must receive unmasked ones (RFC 6455 §5.1).
    case client
    /// Sends unmasked frames and must receive masked ones.
    case server
}

/// What a frame carries (RFC 6455 §5.2).
enum Opcode: UInt8, Hashable, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    var isControl: Bool { rawValue & 0x8 != 0 }
}

/// The bytes of a frame before its payload.
///
/// ```
///   byte 0            byte 1            then                             then
/// ┌───┬─────┬────────┬──────┬─────────┬────────────────────────────────┬──────────────────┐
/// │FIN│ RSV │ opcode │ MASK │ length7 │ 2 bytes if 126, 8 bytes if 127 │ 4 bytes if MASK  │
/// └───┴─────┴────────┴──────┴─────────┴────────────────────────────────┴──────────────────┘
/// ```
///
/// Source: RFC 6455 §5.2. RSV1 says that a message is compressed, in its first frame and when permessage-deflate was
/// agreed (RFC 7692 §6); every other reserved bit is refused.
struct FrameHeader: Hashable, Sendable {
    var isFinal: Bool
    var opcode: Opcode
    /// RSV1.
    var isCompressed = false
    /// The masking key as it lies in memory, or `nil` for an unmasked frame.
    var mask: UInt32?
    /// Bytes of the header itself.
    var headerLength: Int
    /// Bytes of the payload.
    var payloadLength: Int

    /// Reads a header.
    ///
    /// - Parameters:
    ///   - role: of the reader.
    ///   - mayBeCompressed: whether permessage-deflate was agreed.
    /// - Returns: `nil` when more bytes are needed.
    /// - Throws: as early as the violation can be seen, if need be at the first byte.
    static func read(
        _ bytes: Span<UInt8>, as role: WebSocketRole, mayBeCompressed: Bool = false
    ) throws(ProtocolViolation) -> FrameHeader? {
        guard bytes.count > 0 else { return nil }
        let first = bytes[0]
        guard first & (mayBeCompressed ? 0x30 : 0x70) == 0 else { throw .reservedBits }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .unknownOpcode }
        let isCompressed = first & rsv1 != 0
        if isCompressed && (opcode.isControl || opcode == .continuation) { throw .reservedBits }
        let isFinal = first & 0x80 != 0
        if opcode.isControl && !isFinal { throw .fragmentedControl }

        guard bytes.count > 1 else { return nil }
        let isMasked = bytes[1] & 0x80 != 0
        if isMasked != (role == .server) { throw isMasked ? .masked : .unmasked }
        let length7 = Int(bytes[1] & 0x7F)
        if opcode.isControl && length7 > 125 { throw .longControl }

        let lengthBytes = length7 < 126 ? 0 : (length7 == 126 ? 2 : 8)
        let headerLength = 2 + lengthBytes + (isMasked ? 4 : 0)
        guard bytes.count >= headerLength else { return nil }
        return FrameHeader(
            isFinal: isFinal, opcode: opcode, isCompressed: isCompressed,
            mask: isMasked ? readMask(bytes, at: headerLength - 4) : nil,
            headerLength: headerLength,
            payloadLength: lengthBytes == 0 ? length7 : try readLength(bytes, count: lengthBytes))
    }

    private static let rsv1: UInt8 = 0x40

    /// The extended length in network order; the shortest possible form is the only one allowed.
    private static func readLength(_ bytes: Span<UInt8>, count: Int) throws(ProtocolViolation) -> Int {
        var length: UInt64 = 0
        for index in 2..<2 + count { length = length << 8 | UInt64(bytes[index]) }
        guard length > (count == 2 ? 125 : 0xFFFF), let length = Int(exactly: length) else {
            throw .badLength
        }
        return length
    }

    private static func readMask(_ bytes: Span<UInt8>, at offset: Int) -> UInt32 {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
    }
}

extension FrameHeader {
    /// The longest header there is.
    static let longest = 14

    /// The header length of a final frame with that payload.
    static func length(forPayload payloadLength: Int, isMasked: Bool) -> Int {
        let lengthBytes = payloadLength < 126 ? 0 : (payloadLength <= 0xFFFF ? 2 : 8)
        return 2 + lengthBytes + (isMasked ? 4 : 0)
    }

    /// Writes the header of a final frame at `index` of `buffer`, without moving its indices.
    static func set(
        _ opcode: Opcode, isCompressed: Bool = false, payloadLength: Int, mask: UInt32?, at index: Int,
        of buffer: inout ByteBuffer
    ) {
        var next = index + buffer.setInteger((isCompressed ? 0x80 | rsv1 : 0x80) | opcode.rawValue, at: index)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        if payloadLength < 126 {
            next += buffer.setInteger(maskBit | UInt8(payloadLength), at: next)
        } else if payloadLength <= 0xFFFF {
            next += buffer.setInteger(maskBit | 126, at: next)
            next += buffer.setInteger(UInt16(payloadLength), at: next)
        } else {
            next += buffer.setInteger(maskBit | 127, at: next)
            next += buffer.setInteger(UInt64(payloadLength), at: next)
        }
        if let mask { buffer.setInteger(mask, at: next, endianness: .host) }
    }
}
