// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Of a replaceable or addressable event only the newest is kept (NIP-01).
    @Suite struct ReplaceableTests {
        private func find(kind: Kind) async throws -> [String] {
            try await connect().find(#"{"kinds":[\#(kind)],"authors":["\#(try rehearsed.author.hex)"]}"#)
        }

        private func refuses(_ name: RehearsedEvents.Name) async throws {
            let answer = try await connect().post(try rehearsed[name])
            #expect(!answer.accepted && answer.word == "duplicate", "\(answer)")
        }

        @Test func `61 metadata is accepted`() async throws {
            let found = try await connect().find(
                [try rehearsed[.metadataOlder], try rehearsed[.metadataNewer]])
            #expect(!found.isEmpty)
        }

        @Test func `62 newer metadata takes the place of the older`() async throws {
            #expect(try await find(kind: .metadata) == (try rehearsed.ids([.metadataNewer])))
        }

        @Test func `63 a contact list is accepted`() async throws {
            let found = try await connect().find(
                [try rehearsed[.contactListOlder], try rehearsed[.contactListNewer]])
            #expect(!found.isEmpty)
        }

        @Test func `64 an older contact list that comes later changes nothing`() async throws {
            #expect(try await find(kind: .contacts) == (try rehearsed.ids([.contactListNewer])))
        }

        // What was replaced is gone, under its id as well.
        @Test func `65 a replaced event is not served by id`() async throws {
            #expect(try await connect().find([try rehearsed[.contactListOlder]]).isEmpty)
        }

        @Test func `66 a replaceable event removes the one before`() async throws {
            #expect(!(try await find(kind: 10_003).contains(try rehearsed[.olderReplaceable].id.hex)))
        }

        @Test func `67 a replaceable event older than the stored one is refused`() async throws {
            try await refuses(.olderReplaceable)
        }

        @Test func `68 an addressable event removes the one before`() async throws {
            #expect(!(try await find(kind: 30_000).contains(try rehearsed[.olderAddressable].id.hex)))
        }

        @Test func `69 an addressable event older than the stored one is refused`() async throws {
            try await refuses(.olderAddressable)
        }

        @Test func `70 the newest replaceable event is found`() async throws {
            #expect(try await find(kind: 10_003) == (try rehearsed.ids([.newerReplaceable])))
        }

        @Test func `71 the newest addressable event is found`() async throws {
            #expect(try await find(kind: 30_000) == (try rehearsed.ids([.newerAddressable])))
        }
    }
}
