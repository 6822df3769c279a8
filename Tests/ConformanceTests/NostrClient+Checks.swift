// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension NostrClient {
    /// What an `OK` says.
    struct Answer: Sendable, CustomStringConvertible {
        let accepted: Bool
        let message: String
        var description: String { "\(accepted) \(message)" }
        /// The machine-readable word before the colon; empty when there is none.
        var word: String { message.contains(":") ? String(message.prefix { $0 != ":" }) : "" }
    }

    /// The words that NIP-01 and NIP-42 give meaning to.
    static let words: Set<String> = [
        "duplicate", "pow", "blocked", "rate-limited", "invalid", "restricted", "mute", "error",
        "auth-required",
    ]

    /// Publishes an event; the answer carries its id, and a bare standard word unless there is nothing to say.
    @discardableResult
    func post(_ event: Event, _ at: SourceLocation = #_sourceLocation) async throws -> Answer {
        try await post(json: event.text, id: event.id.hex, at)
    }

    @discardableResult
    func post(_ event: SpelledEvent, _ at: SourceLocation = #_sourceLocation) async throws -> Answer {
        try await post(json: event.json, id: event.id, at)
    }

    func post(json: String, id: String, _ at: SourceLocation = #_sourceLocation) async throws -> Answer {
        let (answeredID, accepted, message) = try await publish(json)
        #expect(answeredID == id, sourceLocation: at)
        let answer = Answer(accepted: accepted, message: message)
        #expect(
            message.isEmpty ? accepted : Self.words.contains(answer.word), "\(answer)", sourceLocation: at)
        return answer
    }

    /// Publishes an event that has to be accepted.
    func store(_ events: Event..., at: SourceLocation = #_sourceLocation) async throws {
        for event in events {
            let answer = try await post(event, at)
            #expect(answer.accepted, "\(answer)", sourceLocation: at)
        }
    }

    /// Opens a subscription that stays open, and reads to its EOSE.
    @discardableResult
    func subscribe(_ id: String, _ filters: String...) async throws -> [String] {
        try await send("[\"REQ\",\"\(id)\",\(filters.joined(separator: ","))]")
        return try await stored(id).map { $0.eventID ?? "" }
    }

    /// The ids of stored events, in the order sent.
    func find(_ filters: String...) async throws -> [String] { try await query(filters) }

    /// The ids of stored events among these.
    func find(_ events: [Event]) async throws -> [String] {
        try await find(#"{"ids":\#(json(events.map(\.id.hex)))}"#)
    }

    /// That the next message is a live event of `subscription`.
    func expectLive(
        _ event: Event, on subscription: String, _ at: SourceLocation = #_sourceLocation
    ) async throws {
        let message = try await next()
        #expect(message.verb == "EVENT" && message.text(1) == subscription, sourceLocation: at)
        #expect(message.eventID == event.id.hex, "\(message.parts)", sourceLocation: at)
    }

    /// That nothing comes but the answer to this: whatever was owed before would have come first.
    func expectSilence(_ at: SourceLocation = #_sourceLocation) async throws {
        try await send(#"["REQ","silence",{"kinds":[]}]"#)
        let message = try await next()
        #expect(
            message.verb == "EOSE" && message.text(1) == "silence", "\(message.parts)", sourceLocation: at)
        try await send(#"["CLOSE","silence"]"#)
    }

    /// Says something, and returns what comes next.
    func ask(_ text: String) async throws -> Message {
        try await send(text)
        return try await next()
    }

    /// Sends a request that has to be refused, and returns the reason.
    func refusal(of filters: String..., at: SourceLocation = #_sourceLocation) async throws -> String {
        let message = try await ask("[\"REQ\",\"refused\",\(filters.joined(separator: ","))]")
        #expect(
            message.verb == "CLOSED" && message.text(1) == "refused", "\(message.parts)", sourceLocation: at)
        return message.text(2) ?? ""
    }
}

extension NostrClient {
    /// Asks for what only those involved may read, in order to be asked who it is (NIP-42).
    func challenge(_ at: SourceLocation = #_sourceLocation) async throws -> String {
        let asked = try await ask(#"["REQ","guarded",{"kinds":[1059]}]"#)
        #expect(asked.verb == "AUTH", "\(asked.parts)", sourceLocation: at)
        let refused = try await next()
        #expect(refused.verb == "CLOSED" && refused.text(1) == "guarded", sourceLocation: at)
        #expect(refused.text(2)?.hasPrefix("auth-required: ") == true, sourceLocation: at)
        return asked.text(1) ?? ""
    }

    /// Shows a key, or tries to.
    func authenticate(_ proof: Event, _ at: SourceLocation = #_sourceLocation) async throws -> Answer {
        try await send("[\"AUTH\",\(proof.text)]")
        let (id, accepted, message) = try await nextOK()
        #expect(id == proof.id.hex, sourceLocation: at)
        return Answer(accepted: accepted, message: message)
    }

    /// A connection to `relay` that has shown these keys.
    static func connect(to relay: RookeryProcess, as authors: Author...) async throws -> NostrClient {
        let client = try await connect(to: relay.port)
        let challenge = try await client.challenge()
        for author in authors {
            #expect(try await client.authenticate(author.proof(challenge, to: relay.url)).accepted)
        }
        return client
    }
}

/// A JSON list of plain words.
func json(_ words: [String]) -> String { "[" + words.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
