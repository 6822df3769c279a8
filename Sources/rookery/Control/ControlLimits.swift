// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound of the control socket.
enum ControlLimits {
    /// The version of the protocol; requests of another are refused.
    static let version = 1
    /// **Bytes** of a request's first line.
    static let lineLengthMax = 1 << 20
    /// **Bytes** of an answer: that of a status of ``DaemonStatus/Sync/relaysMax`` relays.
    static let answerLengthMax = 64 << 20
    /// Lines of events that one request may bring.
    static let importLinesMax = 4096
    /// **Bytes** of those lines together.
    static let importBytesMax = 64 << 20
    /// Tools that talk to the daemon at one time.
    static let connectionsMax = 16
    /// **Seconds** that a tool waits for an answer.
    static let answerSeconds = 120
    /// Bytes of a Unix socket's path (`sun_path`).
    static let pathLengthMax = 107
}
