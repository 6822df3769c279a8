// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayTransport
import TestSupport
import Testing

@testable import TweetBridge

@Suite struct NostrAddressTests {
    private struct Broken: Error {}

    private func run(_ body: (RoutePort) async throws -> Void) async throws {
        try await RoutePort.run { _ in
            .nostrAddresses { name in
                if name == "broken" { throw Broken() }
                return name == "bob"
                    ? NamedKey(TestKey.publicKey(1), relays: ["wss://r.test", "wss://\"s\".test"]) : nil
            }
        } _: {
            try await body($0)
        }
    }

    private func ask(_ query: String, _ port: RoutePort) async throws -> HTTPAnswer {
        try await HTTPAnswer.get("/.well-known/nostr.json\(query)", from: port.port)
    }

    @Test(arguments: ["?name=bob", "?name=BOB", "?x=1&name=bob"])
    func `a name has its key and relays`(query: String) async throws {
        try await run { port async throws in
            let answer = try await ask(query, port)
            #expect(answer.status == 200 && answer.headers["access-control-allow-origin"] == "*")
            #expect(answer.headers["content-type"] == "application/json")
            let key = TestKey.publicKey(1).hex
            #expect(answer.json?["names"] as? [String: String] == ["bob": key])
            #expect(
                answer.json?["relays"] as? [String: [String]] == [key: ["wss://r.test", "wss://\"s\".test"]])
        }
    }

    @Test(arguments: ["", "?name=", "?name=eve", "?name=b%20b", "?name=\"", "?n=bob"])
    func `nobody has the other names`(query: String) async throws {
        try await run { port async throws in
            let answer = try await ask(query, port)
            #expect(answer.status == 200 && (answer.json?["names"] as? [String: String])?.isEmpty == true)
        }
    }

    @Test func `who cannot be asked now is asked later`() async throws {
        try await run { port async throws in #expect(try await ask("?name=broken", port).status == 503) }
    }
}
