// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// A request finds what matches, all of it and nothing else, newest first (NIP-01).
    @Suite struct FindTests {
        private func expect(
            _ filter: String, finds names: Set<RehearsedEvents.Name>, _ at: SourceLocation = #_sourceLocation
        ) async throws {
            let found = try await connect().find(filter)
            #expect(Set(found) == Set(try rehearsed.ids(names)), "\(filter)", sourceLocation: at)
            #expect(found.count == names.count, sourceLocation: at)
        }

        @Test func `47 events come newest first`() async throws {
            let client = try await connect()
            let all = try rehearsed.ids(RehearsedEvents.Name.allCases)
            try await client.send(#"["REQ","a",{"ids":\#(json(all))}]"#)
            let times = try await client.stored("a").map { $0.object(2)?["created_at"] as? Int64 ?? 0 }
            #expect(times.count == 10, "all but the replaced and the ephemeral")
            #expect(times == times.sorted(by: >))
        }

        @Test func `48 a limit keeps the newest`() async throws {
            let found = try await connect().find(
                ##"{"authors":["\##(try rehearsed.author.hex)"],"kinds":[1,7],"#t":["a","b"],"limit":2}"##)
            #expect(found == (try rehearsed.ids([.limitTestFirst, .limitTestSecond])))
        }

        @Test func `49 events are found by id`() async throws {
            let ids = try rehearsed.ids(RehearsedEvents.kept)
            try await expect(#"{"ids":\#(json(ids))}"#, finds: RehearsedEvents.kept)
        }

        @Test func `50 events are found by author and kind`() async throws {
            let authors = json([try rehearsed.author.hex, Author().hex])
            try await expect(
                #"{"authors":\#(authors),"kinds":[1,3]}"#,
                finds: Set(RehearsedEvents.limitTests + [.contactListNewer]))
        }

        @Test func `51 events are found by author and tag`() async throws {
            let author = json([try rehearsed.author.hex])
            try await expect(##"{"authors":\##(author),"#p":\##(author)}"##, finds: [])
            let writer = Author()
            let client = try await connect()
            let named = writer.event(1, tags: .of("p", writer.hex))
            try await client.store(writer.event(1), named)
            let found = try await client.find(
                ##"{"authors":["\##(writer.hex)"],"#p":["\##(writer.hex)"]}"##)
            #expect(found == [named.id.hex])
        }

        @Test func `52 events are found by kind and tag`() async throws {
            try await expect(
                ##"{"kinds":[1,9999,3],"#n":["approved"]}"##, finds: [.multipleTags, .multipleTagsNoMatch])
        }

        @Test func `53 events are found by tag alone`() async throws {
            try await expect(##"{"#k":["3036"]}"##, finds: [.multipleTags])
        }

        @Test func `54 every tag that is asked for has to match`() async throws {
            let author = json([try rehearsed.author.hex])
            try await expect(
                ##"{"kinds":[9999],"authors":\##(author),"#k":["3036"],"#n":["approved"],"limit":20}"##,
                finds: [.multipleTags])
        }

        @Test func `55 events are found by author`() async throws {
            try await expect(
                #"{"authors":["\#(try rehearsed.author.hex)"]}"#,
                finds: RehearsedEvents.kept.union([.newerReplaceable]))
        }

        @Test func `56 a filter that says nothing finds everything`() async throws {
            let found = Set(try await connect().find("{}"))
            #expect(found.isSuperset(of: try rehearsed.ids(RehearsedEvents.kept)))
        }
    }
}
