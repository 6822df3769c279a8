// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Who shows a key shows it to this relay, on this connection, now (NIP-42).
    @Suite struct AuthenticationTests {
        private let author = Author()

        private func refuses(
            _ proof: (String, RookeryProcess) -> Event, _ at: SourceLocation = #_sourceLocation
        ) async throws {
            let (relay, client) = (try relay, try await connect())
            let answer = try await client.authenticate(proof(try await client.challenge(at), relay), at)
            #expect(!answer.accepted && answer.word == "invalid", "\(answer)", sourceLocation: at)
        }

        // A challenge that nobody waits for confuses simple clients: it comes when it matters.
        @Test func `15 nobody is asked who they are before it matters`() async throws {
            try await connect().expectSilence()
        }

        @Test func `16 an answer of another kind is refused`() async throws {
            try await refuses { author.proof($0, to: $1.url, kind: 1) }
        }

        @Test func `17 an answer that names another relay is refused`() async throws {
            try await refuses { challenge, _ in author.proof(challenge, to: "intentionally wrong relay") }
            try await refuses { challenge, _ in author.proof(challenge, to: "wss://relay.test") }
        }

        @Test func `18 an answer to another challenge is refused`() async throws {
            try await refuses { author.proof("intentionally wrong challenge", to: $1.url) }
        }

        @Test func `19 an answer of half an hour ago is refused`() async throws {
            try await refuses { author.proof($0, to: $1.url, at: .now - 1800) }
        }
    }

    @Suite struct StrangerTests {
        @Test func `81 a stranger may show a key`() async throws {
            let (client, stranger) = (try await connect(), Author())
            try await client.post(stranger.event())
            let challenge = try await client.challenge()
            let answer = try await client.authenticate(stranger.proof(challenge, to: try relay.url))
            #expect(answer.accepted && answer.message.isEmpty, "\(answer)")
        }
    }
}
