// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Foundation
import Ingest
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing

@testable import RelayServer

/// The management interface over real HTTP (NIP-86, NIP-98).
@Suite(.serialized) struct ManagementTests {
    private static let admin = 1
    private static let now: Int64 = 1_700_000_000

    /// **Seconds** since the relay has started.
    final class Passed: Sendable {
        let seconds = NIOLockedValueBox<(byTheClock: Int64, inTruth: Int64)>((0, 0))
    }

    /// A relay that is managed by one key, at a time of our own.
    static func run(
        moderation limits: ModerationLimits = ModerationLimits(), passed: Passed = Passed(),
        within change: (inout ManagementLimits) -> Void = { _ in }, _ body: (Console) async throws -> Void
    ) async throws {
        try await TestRelay.run(
            now: { Timestamp(now + passed.seconds.withLockedValue(\.byTheClock)) },
            uptime: { .zero + .seconds(passed.seconds.withLockedValue(\.inTruth)) },
            configure: { change(&$0.serverLimits.management) }
        ) { relay in
            let moderation = Moderation(ModerationLists(), ingest: relay.ingest, limits: limits)
            let records = NIOLockedValueBox<[ManagementRecord]>([])
            relay.server.beManaged(by: [TestKey.publicKey(admin)], through: moderation) { record in
                records.withLockedValue { $0.append(record) }
            }
            try await body(Console(relay: relay, moderation: moderation, records: records))
        }
    }

    @Test func `every method is told, and lists begin empty`() async throws {
        try await Self.run { console in
            let methods = try #require(try await console.result("supportedmethods") as? [String])
            #expect(methods.contains("banpubkey") && methods.contains("listblockedips"))
            for method in methods where method.hasPrefix("list") {
                #expect(try #require(try await console.result(method) as? [Any]).isEmpty, "\(method)")
            }
            #expect(console.records.withLockedValue { $0.isEmpty }, "nothing was changed")
        }
    }

    @Test(arguments: [
        ("banpubkey", "unbanpubkey", "listbannedpubkeys", "pubkey", TestKey.publicKey(3).hex),
        ("allowpubkey", "unallowpubkey", "listallowedpubkeys", "pubkey", TestKey.publicKey(3).hex),
        ("banevent", "unbanevent", "listbannedevents", "id", Event.fixture().id.hex),
        ("allowevent", "unallowevent", "listallowedevents", "id", Event.fixture().id.hex),
        ("blockip", "unblockip", "listblockedips", "ip", "192.0.2.7"),
        ("banrepository", "unbanrepository", "listbannedrepositories", "repository", "linux"),
        ("allowrepository", "unallowrepository", "listallowedrepositories", "repository", "linux"),
    ])
    func `what is entered is listed with its reason until it is taken out`(
        enter: String, takeOut: String, list: String, field: String, subject: String
    ) async throws {
        try await Self.run { console in
            #expect(try await console.result(enter, [subject, "a \"reason\""]) as? Bool == true)
            let entries = try #require(try await console.result(list) as? [[String: String]])
            #expect(entries.count == 1)
            #expect(entries.first?[field]?.hasPrefix(subject) == true)
            #expect(entries.first?["reason"] == "a \"reason\"")
            #expect(try await console.result(takeOut, [subject]) as? Bool == true)
            #expect(try #require(try await console.result(list) as? [Any]).isEmpty)
            let admins = console.records.withLockedValue { $0.map(\.admin) }
            #expect(admins == [TestKey.publicKey(Self.admin), TestKey.publicKey(Self.admin)])
        }
    }

    @Test func `kinds are allowed and disallowed by number`() async throws {
        try await Self.run { console in
            #expect(try await console.result("allowkind", [7]) as? Bool == true)
            #expect(try await console.result("disallowkind", [1984]) as? Bool == true)
            #expect(try await console.result("listallowedkinds") as? [Int] == [7])
            #expect(try await console.result("listdisallowedkinds") as? [Int] == [1984])
            let client = try await NostrClient.connect(to: console.relay)
            let note = Event.fixture(kind: .textNote, at: Self.now)
            try await client.say(note.publication)
            #expect(try await client.hearRefusal(of: TagValue(note.id.hex)).hasPrefix("blocked: "))
        }
    }

    @Test func `a ban takes effect before it is answered`() async throws {
        try await Self.run { console in
            let event = Event.fixture(at: Self.now, by: 3)
            await console.relay.store([event])
            _ = try await console.result("banevent", [event.id.hex])
            #expect(try console.relay.store.contains(event.id) == false)
            _ = try await console.result("banpubkey", [TestKey.publicKey(3).hex])
            let client = try await NostrClient.connect(to: console.relay)
            let other = Event.fixture(at: Self.now, content: "again", by: 3)
            try await client.say(other.publication)
            #expect(try await client.hearRefusal(of: TagValue(other.id.hex)).hasPrefix("blocked: "))
        }
    }

    @Test func `stored events that were reported need moderation, until somebody decides`() async throws {
        try await Self.run { console in
            let (good, bad) = (Event.fixture(at: 1, content: "good"), Event.fixture(at: 2, content: "bad"))
            let missing = Event.fixture(at: 3, content: "not here")
            let reports = [good, bad, missing].map {
                Event.fixture(
                    kind: Kind(1984), at: 5, tags: [Tag(["e", $0.id.hex, "spam"])], content: $0.content)
            }
            await console.relay.store([good, bad] + reports)
            func waiting() async throws -> Set<String> {
                let entries = try #require(
                    try await console.result("listeventsneedingmoderation") as? [[String: String]])
                #expect(entries.allSatisfy { $0["reason"] == "spam" })
                return Set(entries.compactMap { $0["id"] })
            }
            #expect(try await waiting() == [good.id.hex, bad.id.hex])
            _ = try await console.result("allowevent", [good.id.hex])
            #expect(try await waiting() == [bad.id.hex])
            _ = try await console.result("banevent", [bad.id.hex])
            #expect(try await waiting().isEmpty)
        }
    }

    @Test func `a call that makes no sense is answered with why, and changes nothing`() async throws {
        try await Self.run { console in
            for (method, params) in [
                ("nosuchmethod", []), ("banpubkey", []), ("banpubkey", ["x"]), ("banpubkey", [7]),
                ("allowkind", ["1"]), ("allowkind", [65_536]), ("allowkind", [-1]), ("blockip", ["nowhere"]),
                ("banrepository", ["*"]), ("banevent", [TestKey.publicKey(1).hex, 7]),
                ("blockip", ["127.0.0.1"]), ("blockip", ["127.0.0.0/8"]),
                ("blockip", ["0.0.0.0/0"]), ("changerelayicon", ["javascript:x"]),
                ("changerelayicon", ["https://"]), ("changerelayicon", ["https://a.test/a b"]),
            ] as [(String, [Any])] {
                let answer = try await console.call(method, params)
                #expect(answer.status == 200)
                let object = try console.object(answer)
                #expect(object["result"] == nil, "\(method) \(params)")
                #expect((object["error"] as? String)?.isEmpty == false, "\(method) \(params)")
            }
            for body in ["", "[]", "{", "{\"params\":[]}", "{\"method\":7,\"params\":[]}"] {
                let answer = try await console.post(Array(body.utf8))
                #expect(answer.status == 200)
                #expect(try console.object(answer)["error"] != nil, "\(body)")
            }
            #expect(console.moderation.lists == ModerationLists())
        }
    }

    @Test func `a change that cannot be made is recorded with why`() async throws {
        var limits = ModerationLimits()
        limits.entries = 1
        try await Self.run(moderation: limits) { console in
            _ = try await console.result("banpubkey", [TestKey.publicKey(3).hex])
            let answer = try await console.call("banpubkey", [TestKey.publicKey(4).hex])
            #expect(try console.object(answer)["error"] as? String == "there are too many entries")
            #expect(
                console.records.withLockedValue { $0.map { $0.failure } } == [
                    nil, "there are too many entries",
                ])
        }
    }
}

/// Who proves what (NIP-98).
extension ManagementTests {
    /// What may be wrong with a proof.
    private static let flaws: [String: @Sendable (inout Proof) -> Void] = [
        "no header": { $0.header = nil }, "another scheme": { $0.scheme = "Bearer" },
        "no Base64": { $0.header = "Nostr !!!" }, "no event": { $0.header = "Nostr e30=" },
        "another kind": { $0.kind = 1 }, "too old": { $0.age = 61 }, "too new": { $0.age = -61 },
        "another relay": { $0.url = "https://elsewhere.test/" }, "no relay": { $0.url = nil },
        "another method": { $0.method = "GET" }, "no payload": { $0.payload = nil },
        "another payload": { $0.payload = String(repeating: "0", count: 64) },
        "another key": { $0.key = 2 }, "a bad signature": { $0.isForged = true },
    ]

    @Test(arguments: flaws.keys.sorted())
    func `whoever proves nothing is answered 401 with why`(what: String) async throws {
        let spoil = try #require(Self.flaws[what])
        try await Self.run { console in
            let body = Console.body("banpubkey", [TestKey.publicKey(3).hex])
            let answer = try await console.post(body, spoil)
            #expect(answer.status == 401, "\(what)")
            #expect(answer.headers["www-authenticate"] == "Nostr")
            #expect(answer.headers["access-control-allow-origin"] == "*")
            #expect((try console.object(answer)["error"] as? String)?.isEmpty == false, "\(what)")
            #expect(console.moderation.lists == ModerationLists())
        }
    }

    @Test(arguments: [
        "http://127.0.0.1:PORT", "http://127.0.0.1:PORT/", "ws://127.0.0.1:PORT",
        "https://LOCALHOST:PORT/x?y=1",
    ])
    func `the relay is named by its authority, whatever scheme and path`(url: String) async throws {
        try await Self.run { console in
            let named = url.replacingOccurrences(of: "PORT", with: "\(console.relay.port)")
            let answer = try await console.post(Console.body("stats")) { $0.url = named }
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test func `a proof is good once, and nothing else of it counts`() async throws {
        try await Self.run { console in
            let body = Console.body("stats")
            var proof = console.proof(body)
            proof.nonce = 77
            let first = try await console.post(body, proof)
            #expect(first.status == 200)
            let again = try await console.post(body, proof)
            #expect(again.status == 401)
            #expect(try console.object(again)["error"] as? String == "the event was used before")
        }
    }

    @Test func `what was signed before the start proves nothing, until all of that is too old`() async throws
    {
        let passed = Passed()
        try await Self.run(passed: passed) { console in
            let body = Console.body("stats")
            let early = try await console.post(body) { $0.age = 1 }
            #expect(early.status == 401)
            #expect(
                try console.object(early)["error"] as? String
                    == "created_at is before the relay has started; sign the request anew")
            #expect(try await console.post(body) { $0.age = 0 }.status == 200)
            // The clock was an hour ahead when the relay started.
            passed.seconds.withLockedValue { $0 = (-3_600, 121) }
            #expect(try await console.post(body) { $0.age = 3_600 }.status == 200)
        }
    }

    @Test func `too many proofs at once have to wait, and no stranger takes their room`() async throws {
        try await Self.run(within: { $0.shownProofs = 2 }) { console in
            for _ in 0..<5 {
                let answer = try await console.post(Console.body("stats")) { $0.key = 2 }
                #expect(answer.status == 401)
            }
            #expect(try await console.call("stats").status == 200)
            #expect(try await console.call("stats").status == 200)
            #expect(try await console.call("stats").status == 429)
        }
    }

    @Test func `a proof is forgotten when it is of no use any more`() {
        var cache = ReplayCache(limit: 2)
        let ids = (0..<4).map { Event.fixture(content: "\($0)").id }
        #expect(cache.show(ids[0], until: Timestamp(10), at: Timestamp(1)) == .new)
        #expect(cache.show(ids[1], until: Timestamp(20), at: Timestamp(1)) == .new)
        #expect(cache.show(ids[2], until: Timestamp(20), at: Timestamp(10)) == .full)
        #expect(cache.show(ids[2], until: Timestamp(20), at: Timestamp(11)) == .new)
        #expect(cache.show(ids[1], until: Timestamp(20), at: Timestamp(11)) == .replayed)
    }

    @Test func `without admins there is no management, and NIP-11 says what is on at the moment`()
        async throws
    {
        try await Self.run { console in
            #expect(try await console.nips().isSuperset(of: [86, 98]))
            console.relay.server.adopt(admins: [])
            #expect(try await console.call("stats").status == 405)
            #expect(try await console.nips().isDisjoint(with: [86, 98]))
            console.relay.server.adopt(admins: [TestKey.publicKey(2)])
            #expect(try await console.call("stats").status == 401)
            let answer = try await console.post(Console.body("stats")) { $0.key = 2 }
            #expect(answer.status == 200)
        }
    }

    @Test func `a call has a bound, and another media type is none`() async throws {
        try await Self.run { console in
            let long = [UInt8](repeating: UInt8(ascii: " "), count: ManagementLimits().callBytes + 1)
            #expect(try await console.post(long).status == 413)
            let plain = try await HTTPAnswer.get(
                "/", from: console.relay.port, method: "POST", headers: ["Content-Type": "application/json"],
                body: Console.body("stats"))
            #expect(plain.status == 415)
        }
    }
}
