// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

/// A Nostr client on a raw WebSocket: says JSON, hears messages.
struct NostrClient: Sendable {
    let socket: RawWebSocket

    static func connect(to relay: TestRelay, receiveBuffer: Int32? = nil) async throws -> NostrClient {
        NostrClient(socket: try await .connect(to: relay.port, receiveBuffer: receiveBuffer))
    }

    func say(_ text: String) async throws { try await socket.send(text) }

    /// Several messages in one write, so in one TCP segment when they are short.
    func sayTogether(_ texts: [String]) async throws {
        try await socket.send(bytes: texts.flatMap { WebSocketFrame.text($0).encoded })
    }

    func hear(within limit: Duration = patience) async throws -> RelayMessage {
        try RelayMessage.parse(Array(try await socket.receiveText(within: limit).utf8))
    }

    /// The next messages, as many as asked for.
    func hear(_ count: Int) async throws -> [RelayMessage] {
        var messages: [RelayMessage] = []
        for _ in 0..<count { messages.append(try await hear()) }
        return messages
    }

    func publish(_ event: Event) async throws -> RelayMessage {
        try await say("[\"EVENT\",\(event.text)]")
        return try await hear()
    }

    /// Opens a subscription and reads to its EOSE.
    @discardableResult
    func request(_ id: String, _ filters: String...) async throws -> [Event] {
        try await say("[\"REQ\",\"\(id)\",\(filters.joined(separator: ","))]")
        return try await stored(id)
    }

    /// Reads stored events to the EOSE of `id`.
    func stored(_ id: String) async throws -> [Event] {
        var events: [Event] = []
        while true {
            switch try await hear() {
            case .event(let name, let parsed) where name.text == TagValue(id): events.append(parsed.event)
            case .endOfStoredEvents(let name, _) where name.text == TagValue(id): return events
            case let other: throw Unexpected(message: other)
            }
        }
    }

    /// The reason of an `OK` with `false`.
    func hearRefusal(of id: TagValue) async throws -> String {
        let message = try await hear()
        guard case .ok(id, false, let reason) = message else { throw Unexpected(message: message) }
        return reason
    }

    /// The reason of a `CLOSED`.
    func hearClosed(_ id: SubscriptionID) async throws -> String {
        let message = try await hear()
        guard case .closed(id, let reason) = message else { throw Unexpected(message: message) }
        return reason
    }

    func hearNotice() async throws -> String {
        let message = try await hear()
        guard case .notice(let text) = message else { throw Unexpected(message: message) }
        return text
    }

    /// That nothing but an answer to this comes: whatever was sent before has arrived by then.
    func expectSilence() async throws {
        try await say(#"["REQ","silence",{"limit":0}]"#)
        #expect(try await hear() == .endOfStoredEvents("silence"))
        try await say(#"["CLOSE","silence"]"#)
    }

    func close() async { await socket.close() }

    struct Unexpected: Error { let message: RelayMessage }
}

extension RelayMessage {
    var isAccepted: Bool { if case .ok(_, true, _) = self { true } else { false } }
}

extension Event {
    /// `["EVENT",{…}]`.
    var publication: String { "[\"EVENT\",\(text)]" }
}
