// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers

/// A wire between a client and a WebSocket server that hears everything and can be cut.
///
/// Bytes pass untouched; the text messages of both directions are kept, so that a test can tell what was
/// asked and what was sent, not only what was stored.
public final class ListeningProxy: Sendable {
    /// The port that clients dial on 127.0.0.1.
    public let port: Int

    private struct State {
        var fromServer: [String] = []
        var fromClient: [String] = []
        var wires: [TCPSocket] = []
        var connections = 0
        var isCut = false
        var isOver = false
    }

    private let listener: TCPSocket
    private let state: NIOLockedValueBox<State>

    /// Listens, and passes every connection on to `127.0.0.1:target`.
    public init(to target: Int) throws {
        (listener, port) = try TCPSocket.listen(on: 0)
        state = NIOLockedValueBox(State())
        let (listener, state) = (self.listener, self.state)
        Thread.detachNewThread {
            while !state.withLockedValue({ $0.isOver }) {
                guard let client = try? listener.accept(within: .milliseconds(200)) else { continue }
                Self.join(client, to: target, state)
            }
        }
    }

    deinit {
        state.withLockedValue { $0.isOver = true }
        cut()
    }

    /// Text messages that came from the server so far.
    public var fromServer: [String] { state.withLockedValue { $0.fromServer } }
    /// Text messages that came from clients so far.
    public var fromClient: [String] { state.withLockedValue { $0.fromClient } }
    /// Connections joined so far.
    public var connections: Int { state.withLockedValue { $0.connections } }

    /// Forgets the messages heard so far.
    public func forget() {
        state.withLockedValue {
            $0.fromServer = []
            $0.fromClient = []
        }
    }

    /// Ends every connection and takes no new one until ``mend()``.
    public func cut() {
        let wires = state.withLockedValue { state in
            state.isCut = true
            defer { state.wires = [] }
            return state.wires
        }
        for wire in wires { wire.shutdown() }
    }

    /// Takes connections again.
    public func mend() { state.withLockedValue { $0.isCut = false } }

    private static func join(_ client: TCPSocket, to target: Int, _ state: NIOLockedValueBox<State>) {
        guard !state.withLockedValue({ $0.isCut }), let server = try? TCPSocket(connectingTo: target) else {
            return client.close()
        }
        state.withLockedValue {
            $0.connections += 1
            $0.wires += [client, server]
        }
        pump(from: client, to: server) { text in state.withLockedValue { $0.fromClient.append(text) } }
        pump(from: server, to: client) { text in state.withLockedValue { $0.fromServer.append(text) } }
    }

    private static func pump(
        from source: TCPSocket, to sink: TCPSocket, hearing hear: @escaping @Sendable (String) -> Void
    ) {
        Thread.detachNewThread {
            var listener = FrameListener()
            while let chunk = try? source.read(within: .seconds(3600)), !chunk.isEmpty {
                for text in listener.texts(in: chunk) { hear(text) }
                guard (try? sink.write(chunk, within: .seconds(60))) != nil else { break }
            }
            source.shutdown()
            sink.shutdown()
        }
    }
}

/// Picks whole text messages out of one direction of a WebSocket conversation.
private struct FrameListener {
    private var bytes: [UInt8] = []
    private var start = 0
    private var isPastHandshake = false
    private var fragments: [UInt8] = []

    mutating func texts(in chunk: [UInt8]) -> [String] {
        bytes += chunk
        if !isPastHandshake {
            guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return [] }
            start = end.upperBound
            isPastHandshake = true
        }
        var texts: [String] = []
        while let frame = WebSocketFrame.decode(bytes, from: &start) {
            guard frame.opcode <= 2 else { continue }
            fragments += frame.payload
            guard frame.isFinal else { continue }
            texts.append(String(decoding: fragments, as: UTF8.self))
            fragments = []
        }
        bytes.removeFirst(start)
        start = 0
        return texts
    }
}
