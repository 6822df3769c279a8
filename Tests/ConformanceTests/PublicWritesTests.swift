// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// What somebody unknown may publish: with open admission everything that is valid.
    @Suite struct PublicWritesTests {
        private func post(_ kind: Kind, _ tags: Tag...) async throws {
            try await connect().store(Author().event(kind, tags: tags))
        }

        @Test func `23 a stranger may write notes`() async throws { try await post(1) }

        @Test func `24 a stranger may leave a list of relays`() async throws {
            try await post(.relayList, ["r", "wss://relay.test"])
        }

        @Test func `25 a stranger may leave a list of relays for messages`() async throws {
            try await post(.directMessageRelays, ["relay", "wss://relay.test"])
        }

        @Test func `26 a stranger may send ephemeral events`() async throws { try await post(23_195) }
    }
}
