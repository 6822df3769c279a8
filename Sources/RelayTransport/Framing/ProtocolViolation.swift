// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the other side did that ends a WebSocket conversation.
public enum ProtocolViolation: Error, Hashable, Sendable, CaseIterable {
    /// A reserved bit is set though no extension was agreed that gives it a meaning there.
    case reservedBits
    /// An opcode that RFC 6455 does not define.
    case unknownOpcode
    /// A client's frame without a mask.
    case unmasked
    /// A server's frame with a mask.
    case masked
    /// A control frame in fragments.
    case fragmentedControl
    /// A control frame of more than 125 bytes.
    case longControl
    /// A length in more bytes than it needs, or with its highest bit set.
    case badLength
    /// A continuation with no message to continue.
    case strayContinuation
    /// A new message inside an unfinished one.
    case interruptedMessage
    /// A close frame of one byte, with a code that may not be sent, or with a reason that is not UTF-8.
    case badClose
    /// A binary message.
    case binary
    /// A text message that is not UTF-8.
    case invalidText
    /// A compressed message that is no deflate (RFC 7692).
    case badCompression
    /// A message longer than ``TransportLimits/maxMessageLength``, and than ``TransportLimits/maxLengthInParts`` or
    /// not wanted.
    case tooLong

    /// What the close frame says.
    public var closeCode: CloseCode {
        switch self {
        case .reservedBits, .unknownOpcode, .unmasked, .masked, .fragmentedControl, .longControl,
            .badLength, .strayContinuation, .interruptedMessage, .badClose:
            .protocolError
        case .binary: .unsupportedData
        case .invalidText, .badCompression: .invalidPayload
        case .tooLong: .messageTooBig
        }
    }

    /// The reason text of the close frame.
    public var text: String {
        switch self {
        case .reservedBits: "reserved bit set"
        case .unknownOpcode: "unknown opcode"
        case .unmasked: "client frame is not masked"
        case .masked: "server frame is masked"
        case .fragmentedControl: "fragmented control frame"
        case .longControl: "control frame is too long"
        case .badLength: "bad frame length"
        case .strayContinuation: "nothing to continue"
        case .interruptedMessage: "message was interrupted"
        case .badClose: "bad close frame"
        case .binary: "binary messages are not accepted"
        case .invalidText: "text is not UTF-8"
        case .badCompression: "compressed data is broken"
        case .tooLong: "message is too long"
        }
    }
}
