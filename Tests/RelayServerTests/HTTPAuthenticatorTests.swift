// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import NostrCore
import RelayTransport
import TestSupport
import Testing

@testable import RelayServer

/// What a signed request proves to routes that look closely (NIP-98); management's ways are tested with it.
@Suite struct HTTPAuthenticatorTests {
    private static let now: Int64 = 1_700_000_000

    private func author(
        _ target: String, body: String = "", url: String, payload: String? = nil, isExact: Bool = true
    ) async throws -> Result<PublicKey, HTTPAuthenticator.Refusal> {
        var outcome: Result<PublicKey, HTTPAuthenticator.Refusal> = .failure(.init(reason: "not asked"))
        try await TestRelay.run(now: { Timestamp(Self.now) }) { relay in
            var proof = Proof()
            proof.url = url.replacing("HOST", with: "127.0.0.1:\(relay.port)")
            proof.payload = payload
            let request = HTTPRequest(
                method: .POST, target: target,
                headers: ["Authorization": try #require(proof.header(at: Self.now))],
                body: ByteBuffer(string: body))
            do throws(HTTPAuthenticator.Refusal) {
                outcome = .success(
                    try relay.server.httpAuthenticator.author(of: request, isExact: isExact) { _ in true })
                // Nobody else is shown it again.
                _ = try relay.server.httpAuthenticator.author(of: request) { _ in true }
                Issue.record("it was taken twice")
            } catch  where error.reason == "the event was used before" {
                return
            } catch { outcome = .failure(error) }
        }
        return outcome
    }

    @Test(arguments: [
        ("/moderation/sign-in", "http://HOST/moderation/sign-in"), ("/a?b=1", "https://HOST/a?b=1"),
    ])
    func `the whole URL is signed, and no body needs no hash`(target: String, url: String) async throws {
        let empty = Hex.string(SHA256.digest([UInt8]()).bytes)
        #expect(try await author(target, url: url, payload: empty) == .success(TestKey.publicKey(1)))
    }

    @Test(arguments: [
        "http://HOST/", "http://HOST", "http://HOST/a", "http://HOST/a?b=2", "http://HOST/a?b=1#c",
    ])
    func `another path or query of this relay proves nothing`(url: String) async throws {
        #expect(
            try await author("/a?b=1", url: url)
                == .failure(.init(reason: "the u tag names another path or query")))
    }

    @Test func `a body is never left unsigned`() async throws {
        let refusal = HTTPAuthenticator.Refusal(reason: "the payload tag is not the hash of the body")
        #expect(try await author("/a", body: "x", url: "http://HOST/a") == .failure(refusal))
        #expect(try await author("/a", url: "http://HOST/a", payload: "00") == .failure(refusal))
        #expect(try await author("/a", url: "http://HOST/a", isExact: false) == .failure(refusal))
    }

    @Test func `without a body and without a hash it is good for what is exact`() throws {
        // Management hashes the empty body as well, so it is no second look that is refused here.
        let clock = RelayClock(now: { Timestamp(Self.now) }, uptime: { .zero })
        let authenticator = Authenticator()
        authenticator.listens(at: ListenAddress(host: "127.0.0.1", port: 7), as: nil)
        let signers = HTTPAuthenticator(authenticator, replays: 9, clock: clock)
        var proof = Proof()
        proof.url = "http://127.0.0.1:7/a"
        let header = try #require(proof.header(at: Self.now))
        let request = HTTPRequest(method: .POST, target: "/a", headers: ["Authorization": header])
        #expect(try signers.author(of: request, isExact: true) { _ in true } == TestKey.publicKey(1))
        #expect(throws: HTTPAuthenticator.Refusal.self) {
            try signers.author(of: request, isExact: true) { _ in true }
        }
    }
}
