// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Authors take back what is theirs, and it does not come back (NIP-09).
    @Suite struct DeletionTests {
        private let articles: Kind = 30_023
        private let author = Author()

        private func article(
            _ identifier: String, kind: Kind = 30_023, minutesAgo: Int64 = 0, by other: Author? = nil
        ) -> Event {
            (other ?? author).event(kind, at: .now - 60 * minutesAgo, tags: .of("d", identifier))
        }

        private func deletion(ofAddress identifier: String, minutesAgo: Int64 = 0) -> Event {
            author.deletion(at: .now - 60 * minutesAgo, of: .of("a", author.address(articles, identifier)))
        }

        @Test func `72 an event is deleted by id`() async throws {
            let (client, event) = (try await connect(), author.event())
            try await client.store(event, author.deletion(of: .of("e", event.id.hex)))
            #expect(try await client.find([event]).isEmpty)
        }

        @Test func `73 an event is deleted by address, within the same second`() async throws {
            let (client, event) = (try await connect(), article("delete_by_addr_test"))
            let address = author.address(articles, "delete_by_addr_test")
            try await client.store(
                event, author.deletion(at: event.createdAt.seconds, of: .of("a", address)))
            #expect(try await client.find([event]).isEmpty)
        }

        @Test func `74 a deletion by address takes only what is not newer than itself`() async throws {
            let client = try await connect()
            let (older, newer) = (article("x", minutesAgo: 5), article("x", minutesAgo: 1))
            try await client.store(older, newer, deletion(ofAddress: "x", minutesAgo: 3))
            let found = try await client.find(
                ##"{"authors":["\##(author.hex)"],"kinds":[30023],"#d":["x"]}"##)
            #expect(found == [newer.id.hex])
        }

        @Test func `75 a deletion by address is bound to its author, kind and whole identifier`()
            async throws
        {
            let client = try await connect()
            let target = article("bound")
            let others = [
                article("bound", by: Author()), article("bound_x"), article("bound", kind: 30_024),
            ]
            try await client.store(target)
            for other in others { try await client.store(other) }
            try await client.store(deletion(ofAddress: "bound"))
            #expect(Set(try await client.find([target] + others)) == Set(others.map(\.id.hex)))
        }

        @Test func `76 nobody deletes another's event by id`() async throws {
            let (client, event) = (try await connect(), Author().event())
            try await client.store(event)
            try await client.post(author.deletion(of: .of("e", event.id.hex)))
            #expect(try await client.find([event]) == [event.id.hex])
        }

        @Test func `77 nobody deletes another's event by address`() async throws {
            let (client, other) = (try await connect(), Author())
            let event = article("theirs", by: other)
            try await client.store(event)
            try await client.post(author.deletion(of: .of("a", other.address(articles, "theirs"))))
            #expect(try await client.find([event]) == [event.id.hex])
        }

        @Test func `78 what was deleted by id is refused when it comes again`() async throws {
            let (client, event) = (try await connect(), author.event())
            try await client.store(event, author.deletion(of: .of("e", event.id.hex)))
            let again = try await client.post(event)
            #expect(!again.accepted && again.word == "blocked", "\(again)")
        }

        @Test func `79 what is older than a deletion by address is refused when it comes again`()
            async throws
        {
            let (client, event) = (try await connect(), article("again", minutesAgo: 5))
            try await client.store(event, deletion(ofAddress: "again", minutesAgo: 2))
            let again = try await client.post(event)
            #expect(!again.accepted && again.word == "blocked", "\(again)")
        }

        @Test func `80 what is newer than a deletion by address is accepted`() async throws {
            let (client, event) = (try await connect(), article("anew", minutesAgo: 2))
            try await client.store(deletion(ofAddress: "anew", minutesAgo: 5), event)
            #expect(try await client.find([event]) == [event.id.hex])
        }
    }
}
