// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing

@testable import RelayServer

/// What calls may say, and what is recorded of them.
extension ManagementTests {
    @Test func `keys and ids are taken as people type them`() async throws {
        try await Self.run { console in
            let (key, id) = (TestKey.publicKey(3), Event.fixture().id)
            for text in [key.hex.uppercased(), key.npub] {
                _ = try await console.result("banpubkey", [text])
                let banned = try await console.result("listbannedpubkeys") as? [[String: String]]
                #expect(banned == [["pubkey": key.hex]], "\(text)")
                _ = try await console.result("unbanpubkey", [text])
            }
            for text in [id.hex.uppercased(), try #require(NIP19Entity.note(id).bech32)] {
                _ = try await console.result("allowevent", [text])
                let allowed = try await console.result("listallowedevents") as? [[String: String]]
                #expect(allowed == [["id": id.hex]], "\(text)")
                _ = try await console.result("unallowevent", [text])
            }
        }
    }

    @Test func `an icon is a page's own or anybody's on the web, or none`() async throws {
        try await Self.run { console in
            for url in ["https://a.test/i.png", "HTTP://a.test/é", ""] {
                let isDone = try await console.result("changerelayicon", [url]) as? Bool
                #expect(isDone == true, "\(url)")
                #expect(console.moderation.lists.managed.information.icon ?? "" == url)
            }
        }
    }

    @Test func `nobody locks out the address that is called from`() async throws {
        try await Self.run { console in
            let answer = try await console.call("blockip", ["127.0.0.0/24"])
            #expect(try console.object(answer)["error"] as? String == "that is the address you call from")
            #expect(try await console.result("blockip", ["128.0.0.0/24"]) as? Bool == true)
            #expect(console.records.withLockedValue { $0.map { $0.failure == nil } } == [false, true])
        }
    }

    @Test func `a record says what was called, with what, and what stands open since`() async throws {
        try await Self.run { console in
            let key = TestKey.publicKey(3)
            for (method, params) in [
                ("changerelayname", ["a \"b\" é"]), ("allowkind", [7]), ("disallowkind", [7]),
                ("allowpubkey", [key.npub, "friend"]), ("allowpubkey", [TestKey.publicKey(4).hex]),
                ("banpubkey", [key.hex]), ("unallowpubkey", [TestKey.publicKey(4).hex]),
                ("unallowpubkey", [key.hex]), ("allowrepository", ["linux"]),
                ("unallowrepository", ["linux"]),
            ] as [(String, [Any])] {
                let isDone = try await console.result(method, params) as? Bool
                #expect(isDone == true, "\(method)")
            }
            let records = console.records.withLockedValue { $0 }
            #expect(records[0].parameters == "[\"a \\\"b\\\" é\"]")
            #expect(records[1].parameters == "[7]")
            #expect(records[3].parameters == "[\"\(key.npub)\",\"friend\"]")
            #expect(records.prefix(3).map(\.method) == [.changerelayname, .allowkind, .disallowkind])
            #expect(
                records.map(\.openings) == [
                    [], [], [.kinds], [], [], [], [.pubkeys], [], [], [.repositories],
                ])
        }
    }
}
