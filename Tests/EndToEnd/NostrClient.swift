// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import TestSupport

/// A client that reads answers with Foundation's JSON, which the relay under test does not use.
struct NostrClient: Sendable {
    let socket: RawWebSocket

    /// A message of the relay: its verb, and everything after it.
    struct Message: @unchecked Sendable {
        /// JSON values: immutable once parsed.
        let parts: [Any]
        var verb: String { parts.first as? String ?? "" }
        func text(_ at: Int) -> String? { parts.indices.contains(at) ? parts[at] as? String : nil }
        func flag(_ at: Int) -> Bool? { parts.indices.contains(at) ? parts[at] as? Bool : nil }
        func object(_ at: Int) -> [String: Any]? {
            parts.indices.contains(at) ? parts[at] as? [String: Any] : nil
        }
        /// The id of the event inside an EVENT message.
        var eventID: String? { object(2)?["id"] as? String }
    }

    /// What came instead of what was expected.
    struct Unexpected: Error, CustomStringConvertible {
        let description: String
    }

    static func connect(to port: Int) async throws -> NostrClient {
        NostrClient(socket: try await RawWebSocket.connect(to: port))
    }

    func send(_ text: String) async throws { try await socket.send(text) }

    func next(within limit: Duration = .seconds(20)) async throws -> Message {
        let text = try await socket.receiveText(within: limit)
        guard let parts = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Any] else {
            throw Unexpected(description: text)
        }
        return Message(parts: parts)
    }

    /// Publishes an event's JSON and returns the answer.
    func publish(_ event: String) async throws -> (id: String, accepted: Bool, message: String) {
        try await send("[\"EVENT\",\(event)]")
        let answer = try await next()
        guard answer.verb == "OK", let id = answer.text(1), let accepted = answer.flag(2) else {
            throw Unexpected(description: "\(answer.parts)")
        }
        return (id, accepted, answer.text(3) ?? "")
    }

    /// The ids of stored events, in the order sent.
    func query(_ filters: [String], within limit: Duration = .seconds(60)) async throws -> [String] {
        try await send("[\"REQ\",\"q\",\(filters.joined(separator: ","))]")
        var ids: [String] = []
        while true {
            let message = try await next(within: limit)
            switch message.verb {
            case "EVENT": ids.append(message.eventID ?? "")
            case "EOSE":
                try await send("[\"CLOSE\",\"q\"]")
                return ids
            default: throw Unexpected(description: "\(message.parts)")
            }
        }
    }

    func count(_ filters: [String] = ["{}"]) async throws -> Int {
        try await send("[\"COUNT\",\"c\",\(filters.joined(separator: ","))]")
        let answer = try await next()
        guard answer.verb == "COUNT", let count = answer.object(2)?["count"] as? Int else {
            throw Unexpected(description: "\(answer.parts)")
        }
        return count
    }
}
