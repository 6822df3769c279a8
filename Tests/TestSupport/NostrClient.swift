// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation

/// A client that reads answers with Foundation's JSON, which the relay under test does not use.
public struct NostrClient: Sendable {
    public let socket: RawWebSocket

    public init(socket: RawWebSocket) { self.socket = socket }

    /// A message of the relay: its verb, and everything after it.
    public struct Message: @unchecked Sendable {
        /// JSON values: immutable once parsed, so that many may read them.
        public let parts: [Any]

        public init(parts: [Any]) { self.parts = parts }

        public var verb: String { parts.first as? String ?? "" }
        public func text(_ at: Int) -> String? { parts.indices.contains(at) ? parts[at] as? String : nil }
        public func flag(_ at: Int) -> Bool? { parts.indices.contains(at) ? parts[at] as? Bool : nil }
        public func object(_ at: Int) -> [String: Any]? {
            parts.indices.contains(at) ? parts[at] as? [String: Any] : nil
        }
        /// The id of the event inside an EVENT message.
        public var eventID: String? { object(2)?["id"] as? String }
    }

    /// What came instead of what was expected.
    public struct Unexpected: Error, CustomStringConvertible {
        public let description: String

        public init(_ message: Message) { description = "\(message.parts)" }
        init(text: String) { description = text }
    }

    public static func connect(to port: Int, receiveBuffer: Int32? = nil) async throws -> NostrClient {
        NostrClient(socket: try await RawWebSocket.connect(to: port, receiveBuffer: receiveBuffer))
    }

    public func send(_ text: String) async throws { try await socket.send(text) }

    /// Several messages in one write, so in one TCP segment when they are short.
    public func send(together texts: [String]) async throws {
        try await socket.send(bytes: texts.flatMap { WebSocketFrame.text($0).encoded })
    }

    public func next(within limit: Duration = patience) async throws -> Message {
        let text = try await socket.receiveText(within: limit)
        guard let parts = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Any] else {
            throw Unexpected(text: text)
        }
        return Message(parts: parts)
    }

    /// Publishes an event's JSON and returns the answer, which has four elements (NIP-01).
    public func publish(_ event: String) async throws -> (id: String, accepted: Bool, message: String) {
        try await send("[\"EVENT\",\(event)]")
        return try await nextOK()
    }

    /// The next message, which is an `OK` of four elements.
    public func nextOK() async throws -> (id: String, accepted: Bool, message: String) {
        let answer = try await next()
        guard answer.verb == "OK", answer.parts.count == 4, let id = answer.text(1),
            let accepted = answer.flag(2), let message = answer.text(3)
        else { throw Unexpected(answer) }
        return (id, accepted, message)
    }

    /// The ids of stored events, in the order sent.
    public func query(_ filters: [String], within limit: Duration = patience) async throws -> [String] {
        try await send("[\"REQ\",\"q\",\(filters.joined(separator: ","))]")
        let ids = try await stored("q", within: limit).map { $0.eventID ?? "" }
        // What others publish meanwhile may still come, until something is answered that was asked after the end.
        try await send(together: [#"["CLOSE","q"]"#, #"["COUNT","end of q",{"kinds":[]}]"#])
        while true {
            let message = try await next(within: limit)
            switch (message.verb, message.text(1)) {
            case ("COUNT", "end of q"): return ids
            case ("EVENT", "q"): continue
            default: throw Unexpected(message)
            }
        }
    }

    /// The events that come before the EOSE of `subscription`.
    public func stored(
        _ subscription: String, within limit: Duration = patience
    ) async throws -> [Message] {
        var events: [Message] = []
        while true {
            let message = try await next(within: limit)
            guard message.text(1) == subscription else { throw Unexpected(message) }
            switch message.verb {
            case "EVENT": events.append(message)
            case "EOSE": return events
            default: throw Unexpected(message)
            }
        }
    }

    public func count(_ filters: [String] = ["{}"]) async throws -> Int {
        try await send("[\"COUNT\",\"c\",\(filters.joined(separator: ","))]")
        let answer = try await next()
        guard answer.verb == "COUNT", let count = answer.object(2)?["count"] as? Int else {
            throw Unexpected(answer)
        }
        return count
    }
}
