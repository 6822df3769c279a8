// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayServer
import RelaySession
import RepositoryRules
import TestSupport
import Testing

/// NIP-42 over a socket, and what must not leak on any way to a reader (NIP-17, NIP-59).
@Suite struct AuthenticationTests {
    private let author = 9
    private let reader = 1
    private var direct: Event { message(4, "direct") }
    private var wrap: Event { message(1059, "wrap") }
    private let note = Event.fixture(content: "for everybody", by: 9)

    private func message(_ kind: Kind, _ content: String) -> Event {
        .fixture(kind: kind, tags: [.of("p", TestKey.publicKey(reader).hex)], content: content, by: author)
    }

    private func named(_ key: Int) -> String { TestKey.publicKey(key).hex }

    private func proof(
        _ challenge: String, by key: Int, relay: String, kind: Kind = .clientAuthentication, late: Int64 = 0
    ) -> Event {
        .fixture(
            kind: kind, at: TestRelay.wallClock().seconds - late,
            tags: [.of("relay", relay), .of("challenge", challenge)], by: key)
    }

    /// Asks for gift wraps to be asked in turn.
    private func challenge(_ client: NostrClient) async throws -> String {
        try await client.say(#"["REQ","w",{"kinds":[1059]}]"#)
        guard case .authChallenge(let text) = try await client.hear() else { return "" }
        #expect(try await client.hearClosed("w").hasPrefix("auth-required: "))
        return text
    }

    private func authenticate(_ client: NostrClient, _ proof: Event) async throws -> RelayMessage {
        try await client.say("[\"AUTH\",\(proof.text)]")
        return try await client.hear()
    }

    private func connect(_ relay: TestRelay, as key: Int?) async throws -> NostrClient {
        let client = try await NostrClient.connect(to: relay)
        guard let key else { return client }
        let proof = proof(try await challenge(client), by: key, relay: "ws://127.0.0.1:\(relay.port)")
        #expect(try await authenticate(client, proof) == .ok(proof.id, accepted: true, message: ""))
        return client
    }

    @Test func `a true answer is believed, however the relay's URL is spelt`() async throws {
        try await TestRelay.run { relay in
            let port = relay.port
            for url in [
                "ws://127.0.0.1:\(port)", "wss://LOCALHOST:\(port)/", "ws://127.0.0.1:\(port)/chat?x=1",
            ] {
                let client = try await NostrClient.connect(to: relay)
                let proof = proof(try await challenge(client), by: reader, relay: url)
                #expect(try await authenticate(client, proof) == .ok(proof.id, accepted: true, message: ""))
            }
        }
    }

    @Test func `where the operator wants it, everybody is asked at once`() async throws {
        try await TestRelay.run(configure: { $0.features.challengesAtOnce = true }) { relay in
            let client = try await NostrClient.connect(to: relay)
            guard case .authChallenge(let text) = try await client.hear() else {
                Issue.record("no challenge")
                return
            }
            let proof = proof(text, by: reader, relay: "ws://127.0.0.1:\(relay.port)")
            #expect(try await authenticate(client, proof) == .ok(proof.id, accepted: true, message: ""))
            try await client.expectSilence()
        }
    }

    @Test func `the name that the operator gave is the one to sign`() async throws {
        try await TestRelay.run(configure: { $0.authority = ServiceAuthority("relay.example.com") }) {
            relay in
            let client = try await NostrClient.connect(to: relay)
            let challenge = try await challenge(client)
            let wrong = proof(challenge, by: reader, relay: "ws://127.0.0.1:\(relay.port)")
            try await client.say("[\"AUTH\",\(wrong.text)]")
            #expect(try await client.hearRefusal(of: TagValue(wrong.id.hex)).hasPrefix("invalid: "))
            let right = proof(challenge, by: reader, relay: "wss://relay.example.com")
            #expect(try await authenticate(client, right) == .ok(right.id, accepted: true, message: ""))
        }
    }

    @Test func `a request that ends another one right behind an AUTH is served`() async throws {
        try await TestRelay.run { relay in
            await relay.store((0..<1_200).map { .fixture(at: Int64($0)) })
            let client = try await NostrClient.connect(to: relay)
            let challenge = try await challenge(client)
            let proof = proof(challenge, by: reader, relay: "ws://127.0.0.1:\(relay.port)")
            try await client.sayTogether([
                #"["REQ","a",{"kinds":[1]}]"#, "[\"AUTH\",\(proof.text)]",
                #"["REQ","a",{"kinds":[1],"limit":1}]"#, #"["CLOSE","a"]"#, #"["REQ","b",{"limit":1}]"#,
            ])
            let name = TagValue(proof.id.hex)
            var (hasAuthenticated, ended) = (false, false)
            while !ended {
                switch try await client.hear() {
                case .ok(name, accepted: true, message: _): hasAuthenticated = true
                case .endOfStoredEvents("b", _): ended = true
                default: continue
                }
            }
            #expect(hasAuthenticated)
        }
    }

    @Test func `a false answer is refused with its reason`() async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            let (text, url) = (try await challenge(client), "ws://127.0.0.1:\(relay.port)")
            let elsewhere = try await NostrClient.connect(to: relay)
            let other = try await challenge(elsewhere)
            #expect(other != text)
            let forged = proof(text, by: reader, relay: url)
            let stranger = proof(text, by: 2, relay: url)
            let wrong: [Event] = [
                proof(text, by: reader, relay: url, kind: .textNote),
                proof(text, by: reader, relay: "intentionally wrong relay"),
                proof(text, by: reader, relay: "ws://relay.example.com"),
                proof("intentionally wrong challenge", by: reader, relay: url),
                proof(other, by: reader, relay: url),
                proof(text, by: reader, relay: url, late: 1800),
                proof(text, by: reader, relay: url, late: -1800),
            ]
            for event in wrong {
                try await client.say("[\"AUTH\",\(event.text)]")
                #expect(try await client.hearRefusal(of: TagValue(event.id.hex)).hasPrefix("invalid: "))
            }
            // Somebody else's signature under the reader's event.
            let signature = String(stranger.text.suffix(130))
            let text2 = String(forged.text.dropLast(130)) + signature
            try await client.say("[\"AUTH\",\(text2)]")
            #expect(try await client.hearRefusal(of: TagValue(forged.id.hex)) == "invalid: bad signature")
            try await client.say(#"["REQ","w",{"kinds":[1059]}]"#)
            #expect(try await client.hearClosed("w").hasPrefix("auth-required: "))
        }
    }

    @Test func `an authentication event is not published`() async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            let event = proof("x", by: reader, relay: "ws://127.0.0.1:\(relay.port)")
            _ = try await client.publish(event)
            #expect(try await client.request("a", #"{"kinds":[22242]}"#).isEmpty)
        }
    }

    /// Every way in which stored events are asked for.
    private var filters: [String] {
        let ids = "\"\(direct.id)\",\"\(wrap.id)\",\"\(note.id)\""
        return [
            "{}", #"{"kinds":[1,4,1059]}"#, "{\"ids\":[\(ids)]}", "{\"authors\":[\"\(named(author))\"]}",
            "{\"#p\":[\"\(named(reader))\"]}",
            "{\"authors\":[\"\(named(author))\"],\"kinds\":[1,4,1059]}", #"{"limit":1}"#,
            "{\"#p\":[\"\(named(reader))\"],\"kinds\":[1,4]}",
            "{\"kinds\":[1],\"limit\":1},{\"limit\":3}",
        ]
    }

    @Test(arguments: [nil, 2, 1, 9] as [Int?])
    func `no stored event leaks, and those involved have all of theirs`(key: Int?) async throws {
        try await TestRelay.run { relay in
            await relay.store([direct, wrap, note])
            let client = try await connect(relay, as: key)
            let isInvolved = key == reader || key == author
            for (index, filter) in filters.enumerated() {
                let found = try await client.request("r\(index)", filter)
                try await client.say("[\"COUNT\",\"c\",\(filter)]")
                guard case .count("c", let answer) = try await client.hear() else {
                    Issue.record("no count of \(filter)")
                    continue
                }
                let count = answer.count
                if isInvolved {
                    #expect(!found.isEmpty, "\(filter)")
                } else {
                    #expect(!found.contains { $0.kind != .textNote }, "\(filter)")
                    #expect(count == (filter.contains("#p") ? 0 : 1), "\(filter)")
                    // What is hidden takes nobody's place.
                    if !filter.contains("#p") { #expect(found == [note], "\(filter)") }
                }
                try await client.say("[\"CLOSE\",\"r\(index)\"]")
            }
            guard let key else { return }
            try await client.say("[\"REQ\",\"own\",{\"kinds\":[4,1059],\"#p\":[\"\(named(reader))\"]}]")
            if key == reader {
                #expect(Set(try await client.stored("own").map(\.id)) == [direct.id, wrap.id])
            } else if key == 2 {
                #expect(try await client.hearClosed("own").hasPrefix("restricted: "))
            }
        }
    }

    @Test func `no live event leaks, and those involved have theirs`() async throws {
        try await TestRelay.run { relay in
            let nobody = try await connect(relay, as: nil)
            let stranger = try await connect(relay, as: 2)
            let reader = try await connect(relay, as: reader)
            for client in [nobody, stranger, reader] { try await client.request("live", "{}") }
            let writer = try await NostrClient.connect(to: relay)
            let ephemeral = message(21059, "never stored")
            for event in [direct, wrap, ephemeral, note] { _ = try await writer.publish(event) }
            for client in [nobody, stranger] {
                #expect(try await client.hear() == .event("live", note))
                try await client.expectSilence()
            }
            #expect(
                try await reader.hear(4) == [direct, wrap, ephemeral, note].map { .event("live", $0) })
        }
    }

    @Test func `a protected event comes from its author, who has shown their key, and is not reposted`()
        async throws
    {
        try await TestRelay.run { relay in
            let mine = Event.fixture(tags: [["-"]], content: "mine", by: reader)
            let nobody = try await NostrClient.connect(to: relay)
            try await nobody.say(mine.publication)
            guard case .authChallenge = try await nobody.hear() else {
                Issue.record("no challenge")
                return
            }
            #expect(try await nobody.hearRefusal(of: TagValue(mine.id.hex)).hasPrefix("auth-required: "))
            let stranger = try await connect(relay, as: 2)
            try await stranger.say(mine.publication)
            #expect(try await stranger.hearRefusal(of: TagValue(mine.id.hex)).hasPrefix("restricted: "))
            let author = try await connect(relay, as: reader)
            #expect(try await author.publish(mine) == .ok(mine.id, accepted: true, message: ""))
            for kind in [Kind.repost, .genericRepost] {
                let repost = Event.fixture(kind: kind, content: mine.text, by: 2)
                try await stranger.say(repost.publication)
                #expect(
                    try await stranger.hearRefusal(of: TagValue(repost.id.hex))
                        == "blocked: reposts a protected event")
            }
            // Most of an event is enough.
            for content in [String(mine.text.dropLast(20)), #"{"tags":[["t","x"],[ "-" ]]}"#] {
                let repost = Event.fixture(kind: .repost, content: content, by: 2)
                try await stranger.say(repost.publication)
                #expect(
                    try await stranger.hearRefusal(of: TagValue(repost.id.hex))
                        == "blocked: reposts a protected event")
            }
            for content in ["", "no JSON", note.text] {
                let repost = Event.fixture(kind: .repost, content: content, by: 2)
                #expect(
                    try await stranger.publish(repost) == .ok(repost.id, accepted: true, message: ""))
            }
        }
    }
}
