// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Who wins, and what a deletion reaches.
    @Suite struct ExactnessReplacementTests {
        private let author = Author()

        /// Two versions of one second, the winner first.
        private func rivals(
            _ kind: Kind, _ tags: Tag..., by other: Author? = nil
        ) -> (winner: Event, loser: Event) {
            let author = other ?? self.author
            let time = Int64.now
            let pair = [
                author.event(kind, at: time, tags: tags, content: "one"),
                author.event(kind, at: time, tags: tags, content: "two"),
            ].sorted { $0.id < $1.id }
            return (pair[0], pair[1])
        }

        @Test(arguments: [10_005, 30_005] as [Kind])
        func `X15 of two versions of one second the lower id wins, in either order`(kind: Kind)
            async throws
        {
            let client = try await connect()
            let first = rivals(kind, .of("d", "1"))
            try await client.store(first.winner)
            let late = try await client.post(first.loser)
            #expect(!late.accepted && late.word == "duplicate", "\(late)")
            #expect(try await client.find([first.winner, first.loser]) == [first.winner.id.hex])

            let other = rivals(kind, .of("d", "2"), by: Author())
            try await client.store(other.loser, other.winner)
            #expect(try await client.find([other.winner, other.loser]) == [other.winner.id.hex])
        }

        @Test(arguments: [false, true])
        func `X15 the lower id wins inside one segment, too`(loserFirst: Bool) async throws {
            let client = try await connect()
            let (winner, loser) = rivals(30_005, .of("d", "1"))
            let order = loserFirst ? [loser, winner] : [winner, loser]
            try await client.send(together: order.map { "[\"EVENT\",\($0.text)]" })
            let answers = [try await client.nextOK(), try await client.nextOK()]
            #expect(answers.map(\.id) == order.map(\.id.hex))
            #expect(answers.first { $0.id == winner.id.hex }?.accepted == true)
            if !loserFirst { #expect(answers[1].accepted == false) }
            #expect(try await client.find([winner, loser]) == [winner.id.hex])
        }

        @Test func `X16 a deletion may say kinds, name hundreds, and name what is not its own`() async throws
        {
            let (client, other) = (try await connect(), Author())
            let notes = (0..<8).map { author.event(content: "\($0)") }
            for note in notes { try await client.store(note) }
            let (article, theirs) = (
                author.event(30_023, tags: .of("d", "mine")), other.event(30_023, tags: .of("d", "theirs"))
            )
            try await client.store(article, theirs)
            let unknown = (0..<500 - notes.count).map { number in
                Tag.of("e", Hex.string(SHA256.digest(Array("\(number)".utf8)).bytes))
            }
            let deletion = author.event(
                .deletion,
                tags: notes.map { .of("e", $0.id.hex) } + unknown + [
                    .of("a", other.address(30_023, "theirs")), .of("a", author.address(30_023, "mine")),
                    .of("k", "1"), .of("k", "30023"),
                ])
            try await client.store(deletion)
            #expect(
                try await client.find(notes + [article, theirs, deletion]).sorted()
                    == [theirs.id.hex, deletion.id.hex].sorted())
        }

        @Test func `X16 deleting a deletion has no effect`() async throws {
            let (client, note) = (try await connect(), author.event())
            let deletion = author.deletion(of: .of("e", note.id.hex))
            try await client.store(note, deletion, author.deletion(of: .of("e", deletion.id.hex)))
            #expect(try await client.find([note, deletion]) == [deletion.id.hex])
            #expect(!(try await client.post(note)).accepted)
        }

        @Test func `X16 by id a deletion reaches any date, by address only up to its own`() async throws {
            let client = try await connect()
            let (note, article) = (author.event(), author.event(30_023, tags: .of("d", "x")))
            try await client.store(note, article)
            try await client.store(
                author.deletion(
                    at: .now - 3600, of: .of("e", note.id.hex), .of("a", author.address(30_023, "x"))))
            #expect(try await client.find([note, article]) == [article.id.hex])
        }

        @Test func `X17 nobody keeps out an event of another that has not come yet`() async throws {
            let (client, note) = (try await connect(), author.event())
            try await client.store(Author().deletion(of: .of("e", note.id.hex)), note)
            #expect(try await client.find([note]) == [note.id.hex])
        }

        @Test func `X17 a plain replaceable event is deleted by address, up to the deletion's date`()
            async throws
        {
            let client = try await connect()
            let (old, new) = (author.event(10_003, at: .now - 60), author.event(10_003))
            try await client.store(
                old, author.deletion(at: .now - 30, of: .of("a", author.address(10_003))))
            #expect(try await client.find([old]).isEmpty)
            let again = try await client.post(old)
            #expect(!again.accepted && again.word == "blocked", "\(again)")
            try await client.store(new)
            #expect(try await client.find([new]) == [new.id.hex])
        }

        @Test func `X19 a gift wrap is deleted by whom it is for, by nobody else, and does not come back`()
            async throws
        {
            let (client, recipient) = (try await connect(), Author())
            // Signed by a key that is thrown away.
            let wrap = author.event(1059, tags: .of("p", recipient.hex))
            try await client.store(wrap, Author().deletion(of: .of("e", wrap.id.hex)))
            #expect(try await client.post(wrap).word == "duplicate", "it is still there")
            try await client.store(recipient.deletion(of: .of("e", wrap.id.hex)))
            let again = try await client.post(wrap)
            #expect(!again.accepted && again.word == "blocked", "\(again)")
        }
    }
}
