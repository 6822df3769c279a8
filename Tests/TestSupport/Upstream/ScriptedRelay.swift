// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
public import NostrCore

/// A relay on loopback that is honest until its script says otherwise, and writes down everything it is asked.
///
/// Sockets, handshake, frames and storage are its own: it shares only words and filters (`NostrCore`) with the
/// program under test, and is itself checked against a client written by others.
public final class ScriptedRelay: Sendable {
    /// The port on 127.0.0.1, the same for its whole life.
    public let port: Int

    struct State {
        var script = UpstreamScript()
        var shelf = UpstreamShelf()
        var record = UpstreamRecord()
        /// By number.
        var conversations: [Int: NIOLoopBound<ScriptedConversation>] = [:]
        var listener: (any Channel)?
        var connectionsSeen = 0
        var requestsSeen = 0
    }

    let state: NIOLockedValueBox<State>

    /// Starts one that holds `events`.
    public init(
        holding events: [Event] = [], _ change: @Sendable (inout UpstreamScript) -> Void = { _ in }
    ) async throws {
        var state = State()
        change(&state.script)
        for event in events { _ = state.shelf.insert(event) }
        self.state = NIOLockedValueBox(state)
        let listener = try await Self.listen(on: 0, self.state)
        self.state.withLockedValue { $0.listener = listener }
        guard let port = listener.localAddress?.port else { throw TimedOut("a port", after: .zero) }
        self.port = port
    }

    deinit {
        let listener = state.withLockedValue { $0.listener }
        listener?.close(promise: nil)
        hangUp()
    }

    /// Its WebSocket address.
    public var url: String { "ws://127.0.0.1:\(port)" }
    /// The same, normalised.
    public var relayURL: RelayURL {
        get throws { try RelayURL(url) }
    }

    /// What was asked so far.
    public var record: UpstreamRecord { state.withLockedValue { $0.record } }
    /// Forgets what was asked so far.
    public func forget() { state.withLockedValue { $0.record.clear() } }

    /// Changes how it behaves, from now on.
    public func behave(_ change: (inout UpstreamScript) -> Void) {
        state.withLockedValue { change(&$0.script) }
    }

    /// Stores events and sends them to those who follow live.
    public func publish(_ events: [Event]) {
        let conversations = state.withLockedValue { state in
            for event in events { _ = state.shelf.insert(event) }
            return Array(state.conversations.values)
        }
        for conversation in conversations {
            conversation.eventLoop.execute { conversation.value.deliver(events) }
        }
    }

    /// Stores events and tells nobody: as if they came to it late, or it had lost those who follow.
    public func plant(_ events: [Event]) {
        state.withLockedValue { state in for event in events { _ = state.shelf.insert(event) } }
    }

    /// Takes events away, as if they had never been.
    public func remove(_ ids: some Sequence<EventID>) {
        state.withLockedValue { state in for id in ids { state.shelf.remove(id) } }
    }

    /// TCP connections open now.
    public var openConnections: Int { state.withLockedValue { $0.conversations.count } }

    /// Events held.
    public var eventCount: Int { state.withLockedValue { $0.shelf.count } }

    /// Sends a text message in every open conversation, whatever it is.
    public func say(_ text: String) { say(raw: WebSocketFrame.fromServer(text)) }

    /// Sends bytes in every open conversation, be they a frame or not.
    public func say(raw bytes: [UInt8]) {
        for conversation in state.withLockedValue({ Array($0.conversations.values) }) {
            conversation.eventLoop.execute { conversation.value.write(bytes) }
        }
    }

    /// Ends every connection; new ones are welcome.
    public func hangUp() {
        for conversation in state.withLockedValue({ Array($0.conversations.values) }) {
            conversation.eventLoop.execute { conversation.value.hangUp() }
        }
    }

    /// Ends every connection and refuses new ones until ``open()``.
    public func close() async throws {
        let listener = state.withLockedValue { $0.listener.take() }
        try await listener?.close()
        hangUp()
        try await eventually("the end of every connection") {
            state.withLockedValue { $0.conversations.isEmpty }
        }
    }

    /// Takes connections again, on the same port.
    public func open() async throws {
        guard state.withLockedValue({ $0.listener == nil }) else { return }
        let listener = try await Self.listen(on: port, state)
        state.withLockedValue { $0.listener = listener }
    }

    private static func listen(on port: Int, _ state: NIOLockedValueBox<State>) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ScriptedConversation(state))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
    }
}

extension WebSocketFrame {
    /// A whole text message as servers send it: bare.
    static func fromServer(_ text: String) -> [UInt8] {
        var frame = WebSocketFrame.text(text)
        frame.mask = nil
        return frame.encoded
    }
}
