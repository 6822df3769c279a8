// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Who may read and write what is not for everybody (NIP-17, NIP-42, NIP-59, NIP-70).
    @Suite struct ExactnessReadingTests {
        private let writer = Author()
        private let reader = Author()
        private let stranger = Author()

        private func message(_ kind: Kind, to other: Author? = nil, content: String = "") -> Event {
            writer.event(kind, tags: .of("p", (other ?? reader).hex), content: content)
        }

        @Test func `X19 a gift wrap is shown to whom it is for, and to nobody else`() async throws {
            let wrap = message(1059)
            try await connect().store(wrap)
            for client in [try await connect(), try await .connect(to: relay, as: stranger)] {
                #expect(try await client.find([wrap]).isEmpty)
                #expect(try await client.count([#"{"ids":["\#(wrap.id)"]}"#]) == 0)
            }
            let client = try await NostrClient.connect(to: relay, as: reader)
            #expect(try await client.find([wrap]) == [wrap.id.hex])
            #expect(try await client.count([##"{"kinds":[1059],"#p":["\##(reader.hex)"]}"##]) == 1)
        }

        @Test func `X22 several keys count on one connection, and a proof on another one not`() async throws {
            let second = Author()
            let wraps = [message(1059), message(1059, to: second)]
            for wrap in wraps { try await connect().store(wrap) }
            let client = try await NostrClient.connect(to: relay, as: reader, second)
            #expect(Set(try await client.find(wraps)) == Set(wraps.map(\.id.hex)))

            let (one, two) = (try await connect(), try await connect())
            let proof = reader.proof(try await one.challenge(), to: try relay.url)
            #expect(try await one.authenticate(proof).accepted)
            _ = try await two.challenge()
            #expect(try await !two.authenticate(proof).accepted)
        }

        @Test func `X22 the relay's address may be spelt in any way`() async throws {
            let port = try relay.port
            for url in [
                "ws://127.0.0.1:\(port)/", "WS://LOCALHOST:\(port)", "wss://127.0.0.1:\(port)/chat?x=1",
            ] {
                let client = try await connect()
                let answer = try await client.authenticate(
                    reader.proof(try await client.challenge(), to: url))
                #expect(answer.accepted, "\(url): \(answer)")
            }
            let client = try await connect()
            let elsewhere = reader.proof(try await client.challenge(), to: "ws://127.0.0.1:\(port ^ 1)")
            #expect(try await !client.authenticate(elsewhere).accepted, "another port is another relay")
        }

        @Test func `X22 a proof is neither stored nor passed on`() async throws {
            let (listener, client) = (try await connect(), try await connect())
            try await listener.subscribe("a", #"{"kinds":[22242]}"#)
            let proof = reader.proof("challenge", to: try relay.url)
            let answer = try await client.post(proof)
            #expect(!answer.accepted && answer.word == "invalid", "\(answer)")
            #expect(
                try await client.authenticate(
                    reader.proof(try await client.challenge(), to: try relay.url)
                ).accepted)
            #expect(try await client.find(#"{"kinds":[22242]}"#).isEmpty)
            try await listener.expectSilence()
        }

        @Test func `X23 a refused request works after AUTH on the same connection`() async throws {
            let (client, wrap) = (try await connect(), message(1059))
            try await connect().store(wrap)
            let request = ##"["REQ","a",{"kinds":[1059],"#p":["\##(reader.hex)"]}]"##
            let challenge = try await client.ask(request)
            #expect(challenge.verb == "AUTH", "before the refusal")
            let refusal = try await client.next()
            #expect(refusal.verb == "CLOSED" && refusal.text(2)?.hasPrefix("auth-required: ") == true)
            let proof = stranger.proof(challenge.text(1) ?? "", to: try relay.url)
            #expect(try await client.authenticate(proof).accepted)
            let others = try await client.ask(request)
            #expect(others.verb == "CLOSED" && others.text(2)?.hasPrefix("restricted: ") == true)
            let right = reader.proof(challenge.text(1) ?? "", to: try relay.url)
            #expect(try await client.authenticate(right).accepted)
            try await client.send(request)
            #expect(try await client.stored("a").map(\.eventID) == [wrap.id.hex])
        }

        @Test func `X24 a protected event comes from its author, and nobody reposts it`() async throws {
            let mine = writer.event(tags: ["-"], content: "mine")
            let client = try await connect()
            try await client.send("[\"EVENT\",\(mine.text)]")
            #expect(try await client.next().verb == "AUTH")
            let unknown = try await client.nextOK()
            #expect(!unknown.accepted && unknown.message.hasPrefix("auth-required: "))
            let other = try await NostrClient.connect(to: relay, as: stranger)
            #expect(try await other.post(mine).word == "restricted")
            try await NostrClient.connect(to: relay, as: writer).store(mine)
            for kind in [6, 16] as [Kind] {
                let spread = try await other.post(stranger.event(kind, content: mine.text))
                #expect(!spread.accepted && spread.word == "blocked", "\(spread)")
                try await other.store(stranger.event(kind, content: "no JSON, and nobody's event"))
            }
        }

        /// Every way of asking for stored events.
        private func filters(for events: [Event]) -> [String] {
            let (ids, author) = (json(events.map(\.id.hex)), writer.hex)
            return [
                "{}", #"{"kinds":[1,4,1059]}"#, #"{"ids":\#(ids)}"#, #"{"authors":["\#(author)"]}"#,
                ##"{"#p":["\##(reader.hex)"]}"##, #"{"authors":["\#(author)"],"kinds":[1,4]}"#,
                #"{"kinds":[1],"limit":1},{"authors":["\#(author)"],"limit":3}"#,
            ]
        }

        @Test func `X25 what is for others leaks on no way of asking, before or after AUTH`() async throws {
            let (direct, wrap, note) = (message(4), message(1059), writer.event(content: "for everybody"))
            for event in [direct, wrap, note] { try await connect().store(event) }
            for client in [try await connect(), try await .connect(to: relay, as: stranger)] {
                for filter in filters(for: [direct, wrap, note]) {
                    let found = try await client.find(filter)
                    #expect(!found.contains(direct.id.hex) && !found.contains(wrap.id.hex), "\(filter)")
                }
                #expect(try await client.find([direct, wrap, note]) == [note.id.hex])
                #expect(try await client.count([#"{"authors":["\#(writer.hex)"]}"#]) == 1)
                #expect(try await client.find(#"{"authors":["\#(writer.hex)"],"limit":1}"#) == [note.id.hex])
                for filter in filters(for: [direct, wrap, note]) where !filter.contains("},{") {
                    let listed = try await client.negentropy(filter)
                    #expect(!listed.contains(direct.id.hex) && !listed.contains(wrap.id.hex), "\(filter)")
                }
                #expect(try await client.negentropy(#"{"authors":["\#(writer.hex)"]}"#) == [note.id.hex])
            }
            for involved in [reader, writer] {
                let client = try await NostrClient.connect(to: relay, as: involved)
                #expect(Set(try await client.find([direct, wrap])) == [direct.id.hex, wrap.id.hex])
                let kinds = #"{"kinds":[4,1059],"authors":["\#(writer.hex)"]}"#
                #expect(Set(try await client.negentropy(kinds)) == [direct.id.hex, wrap.id.hex])
            }
        }

        @Test func `X25 what is for others leaks to no live subscription`() async throws {
            let outsiders = [try await connect(), try await .connect(to: relay, as: stranger)]
            let insider = try await NostrClient.connect(to: relay, as: reader)
            let mine = #"{"authors":["\#(writer.hex)"]}"#
            for client in outsiders + [insider] { try await client.subscribe("live", mine) }
            let guarded = [message(4), message(1059), message(21_059)]
            let note = writer.event(content: "for everybody")
            let client = try await connect()
            for event in guarded + [note] { try await client.store(event) }
            for client in outsiders {
                try await client.expectLive(note, on: "live")
                try await client.expectSilence()
            }
            for event in guarded + [note] { try await insider.expectLive(event, on: "live") }
        }
    }
}
