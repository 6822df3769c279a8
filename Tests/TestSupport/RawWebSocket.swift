// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers

/// A WebSocket client that will say anything: broken frames, half frames, nothing at all.
///
/// It shares no code with the transport under test.
public final class RawWebSocket: Sendable {
    /// What came from the other side.
    public enum Incoming: Hashable, Sendable {
        case text(String)
        case binary([UInt8])
        case ping([UInt8])
        case pong([UInt8])
        /// A close frame; the code is `nil` when it carried none.
        case close(UInt16?, String)
        /// The connection ended, in order or by a reset.
        case end
    }

    /// The upgrade was refused.
    public struct Refused: Error {
        /// What came instead of 101.
        public let answer: HTTPAnswer
    }

    private struct Inbox {
        var bytes: [UInt8] = []
        var start = 0
        var fragments: [UInt8]?
    }

    private let socket: TCPSocket
    private let reading = BlockingQueue("websocket reader")
    private let writing = BlockingQueue("websocket writer")
    private let inbox: NIOLockedValueBox<Inbox>

    private init(_ socket: TCPSocket, rest: [UInt8]) {
        self.socket = socket
        inbox = NIOLockedValueBox(Inbox(bytes: rest))
    }

    /// Connects to `127.0.0.1:port` and upgrades.
    ///
    /// - Throws: ``Refused`` when the answer is not 101.
    public static func connect(
        to port: Int, path: String = "/", headers: [String: String] = [:], receiveBuffer: Int32? = nil,
        within limit: Duration = patience
    ) async throws -> RawWebSocket {
        try await BlockingQueue("websocket connect").run {
            let socket = try TCPSocket(connectingTo: port, receiveBuffer: receiveBuffer)
            var fields = [
                "Host": "127.0.0.1:\(port)", "Upgrade": "websocket", "Connection": "Upgrade",
                "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            ]
            fields.merge(headers) { $1 }
            try socket.write(HTTPAnswer.request("GET", path, fields))
            let (answer, rest) = try HTTPAnswer.readHead(from: socket, within: limit)
            guard answer.status == 101 else { throw Refused(answer: answer) }
            return RawWebSocket(socket, rest: rest)
        }
    }

    /// Sends one frame.
    public func send(_ frame: WebSocketFrame, within limit: Duration = patience) async throws {
        try await send(bytes: frame.encoded, within: limit)
    }

    /// Sends a whole text message.
    public func send(_ text: String) async throws { try await send(.text(text)) }

    /// Sends bytes as they are: half a frame, several, none.
    public func send(bytes: [UInt8], within limit: Duration = patience) async throws {
        let socket = self.socket
        try await writing.run { try socket.write(bytes, within: limit) }
    }

    /// The next message, whole; control frames come as they are.
    ///
    /// - Throws: ``TimedOut``.
    public func receive(within limit: Duration = patience) async throws -> Incoming {
        let (socket, inbox) = (self.socket, self.inbox)
        return try await reading.run {
            let deadline = ContinuousClock.now + limit
            while true {
                if let incoming = inbox.withLockedValue(Self.next) { return incoming }
                let left = ContinuousClock.now.duration(to: deadline)
                let chunk = try socket.read(within: max(left, .milliseconds(1)))
                if chunk.isEmpty { return .end }
                inbox.withLockedValue { $0.bytes += chunk }
            }
        }
    }

    /// The next text message; answers pings on the way.
    ///
    /// - Throws: ``TimedOut``, or ``Ended`` when the other side closed.
    public func receiveText(within limit: Duration = patience) async throws -> String {
        let deadline = ContinuousClock.now + limit
        while true {
            switch try await receive(within: ContinuousClock.now.duration(to: deadline)) {
            case .text(let text): return text
            case .ping(let bytes): try await send(WebSocketFrame(opcode: 10, payload: bytes))
            case .pong, .binary: continue
            case .close(let code, let reason): throw Ended(code: code, reason: reason)
            case .end: throw Ended(code: nil, reason: "the connection ended")
            }
        }
    }

    /// The code of the close frame, reading past whatever comes before it; `nil` when there was none.
    public func closeCode(within limit: Duration = patience) async throws -> UInt16? {
        let deadline = ContinuousClock.now + limit
        while true {
            switch try await receive(within: ContinuousClock.now.duration(to: deadline)) {
            case .close(let code, _): return code
            case .end: return nil
            case .text, .binary, .ping, .pong: continue
            }
        }
    }

    /// The other side closed while something else was waited for.
    public struct Ended: Error, Hashable {
        /// The close code, if a close frame came.
        public let code: UInt16?
        /// The close reason.
        public let reason: String
    }

    /// Says goodbye with a close frame and ends the connection.
    public func close() async {
        try? await send(.close(1000))
        socket.close()
    }

    /// Ends the connection without a word: with a reset, or only our half of it.
    public func abandon(halfOnly: Bool = false) {
        if halfOnly { return socket.finishWriting() }
        socket.resetOnClose()
        socket.close()
    }

    private static func next(_ inbox: inout Inbox) -> Incoming? {
        while let frame = WebSocketFrame.decode(inbox.bytes, from: &inbox.start) {
            if inbox.start > 1 << 20 || inbox.start == inbox.bytes.count {
                inbox.bytes.removeFirst(inbox.start)
                inbox.start = 0
            }
            switch frame.opcode {
            case 8:
                let code =
                    frame.payload.count >= 2 ? UInt16(frame.payload[0]) << 8 | UInt16(frame.payload[1]) : nil
                return .close(code, String(decoding: frame.payload.dropFirst(2), as: UTF8.self))
            case 9: return .ping(frame.payload)
            case 10: return .pong(frame.payload)
            case 2: return .binary(frame.payload)
            default:
                let whole = (inbox.fragments ?? []) + frame.payload
                inbox.fragments = frame.isFinal ? nil : whole
                if frame.isFinal { return .text(String(decoding: whole, as: UTF8.self)) }
            }
        }
        return nil
    }
}
