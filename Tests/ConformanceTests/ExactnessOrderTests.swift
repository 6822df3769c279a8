// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Order, lists, and what comes together.
    @Suite struct ExactnessOrderTests {
        private let author = Author()
        private var mine: String { #""authors":["\#(author.hex)"]"# }

        @Test func `X1 events of one second come lowest id first, within a limit as well`() async throws {
            let client = try await connect()
            let time = Int64.now
            let notes = (0..<3).map { author.event(at: time, content: "\($0)") }
            for note in notes { try await client.store(note) }
            let ascending = notes.map(\.id.hex).sorted()
            #expect(try await client.find(#"{\#(mine),"limit":3}"#) == ascending)
            #expect(try await client.find(#"{\#(mine),"limit":2}"#) == Array(ascending.prefix(2)))
        }

        @Test func `X2 overlapping filters send each event once, newest first over the whole request`()
            async throws
        {
            let client = try await connect()
            let notes = (0..<6).map { age in
                author.event(age % 2 == 0 ? 1 : 7, at: .now - Int64(age), tags: .of("t", "x\(age % 3)"))
            }
            for note in notes.shuffledBackToFront { try await client.store(note) }
            let found = try await client.find(
                ##"{\##(mine),"#t":["x0"]}"##, #"{\#(mine),"kinds":[1]}"#, #"{\#(mine),"kinds":[7]}"#)
            #expect(found == notes.map(\.id.hex))
        }

        @Test func `X3 an empty list matches nothing, and the subscription stays usable`() async throws {
            let client = try await connect()
            let (note, other) = (author.event(), author.event(7))
            try await client.store(note, other)
            for list in [#""kinds":[]"#, #""ids":[]"#, ##""#t":[]"##] {
                #expect(try await client.find(#"{\#(mine),\#(list)}"#).isEmpty, "\(list)")
            }
            let both = try await client.subscribe("a", #"{"kinds":[]}"#, #"{\#(mine),"kinds":[1]}"#)
            #expect(both == [note.id.hex])
            let live = author.event(content: "live")
            try await connect().store(author.event(7, content: "not asked for"), live)
            try await client.expectLive(live, on: "a")
        }

        @Test
        func `X10 messages of one segment are answered in order, and a request sees the event before it`()
            async throws
        {
            let client = try await connect()
            let note = author.event()
            try await client.send(together: [
                "[\"EVENT\",\(note.text)]", #"["REQ","a",{\#(mine)}]"#, #"["COUNT","b",{\#(mine)}]"#,
                #"["CLOSE","a"]"#, #"["REQ","c",{\#(mine)}]"#,
            ])
            let ok = try await client.nextOK()
            #expect(ok.id == note.id.hex && ok.accepted)
            #expect(try await client.stored("a").map(\.eventID) == [note.id.hex])
            let count = try await client.next()
            #expect(count.verb == "COUNT" && count.text(1) == "b" && count.object(2)?["count"] as? Int == 1)
            #expect(try await client.stored("c").map(\.eventID) == [note.id.hex])
        }

        @Test func `X12 the same event twice, and from two sockets at once, is stored and delivered once`()
            async throws
        {
            let (listener, one, two) = (try await connect(), try await connect(), try await connect())
            try await listener.subscribe("a", #"{\#(mine)}"#)
            let note = author.event(content: "twice in a row")
            #expect(try await one.post(note).message.isEmpty)
            let again = try await one.post(note)
            #expect(again.accepted && again.word == "duplicate", "\(again)")
            try await listener.expectLive(note, on: "a")
            for number in 0..<10 {
                let note = author.event(content: "at once \(number)")
                async let first = one.post(note)
                async let second = two.post(note)
                let answers = try await [first, second]
                #expect(answers.map(\.accepted) == [true, true])
                #expect(answers.map(\.word).sorted() == ["", "duplicate"])
                try await listener.expectLive(note, on: "a")
            }
            try await listener.expectSilence()
            #expect(try await listener.count([#"{\#(mine)}"#]) == 11)
        }
    }
}

extension [Event] {
    /// Another order than theirs, the same in every run.
    fileprivate var shuffledBackToFront: [Event] {
        var rng = SplitMix64(seed: 2)
        return reversed().shuffled(using: &rng)
    }
}
