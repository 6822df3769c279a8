// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why a WebSocket conversation ends, as the number of its close frame.
///
/// Source: RFC 6455 §7.4 and the IANA registry of WebSocket close codes.
public struct CloseCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt16

    /// - Parameter rawValue: any number; ``mayBeSent`` says whether a close frame may carry it.
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// 1000: all was said.
    public static let normal = CloseCode(rawValue: 1000)
    /// 1001: the server goes down, or the client leaves.
    public static let goingAway = CloseCode(rawValue: 1001)
    /// 1002: the other side broke the WebSocket protocol.
    public static let protocolError = CloseCode(rawValue: 1002)
    /// 1003: a kind of data that is not accepted here, as binary messages are not.
    public static let unsupportedData = CloseCode(rawValue: 1003)
    /// 1007: a text message was not UTF-8.
    public static let invalidPayload = CloseCode(rawValue: 1007)
    /// 1008: the other side broke a rule of this relay.
    public static let policyViolation = CloseCode(rawValue: 1008)
    /// 1009: a message longer than ``TransportLimits/maxMessageLength``.
    public static let messageTooBig = CloseCode(rawValue: 1009)
    /// 1011: this side failed.
    public static let internalError = CloseCode(rawValue: 1011)
    /// 1012: this side restarts; come back soon.
    public static let serviceRestart = CloseCode(rawValue: 1012)
    /// 1013: overload, or the reader is too slow; come back later.
    public static let tryAgainLater = CloseCode(rawValue: 1013)

    /// Whether a close frame may carry this number (RFC 6455 §7.4.1 reserves some for local use).
    public var mayBeSent: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    public var description: String { String(rawValue) }
}
