// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Ingest
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing

@testable import RelayServer

/// What an admin signs to make one call (NIP-98), and what a test may spoil of it.
struct Proof {
    var key = 1
    var kind: Kind = Kind(27_235)
    /// **Seconds** before now.
    var age: Int64 = 0
    var url: String?
    var method = "POST"
    var payload: String?
    var nonce = 0
    var isForged = false
    var scheme = "Nostr"
    /// The whole header in place of what all of this makes.
    var header: String? = ""

    func header(at now: Int64) -> String? {
        guard header?.isEmpty == true else { return header }
        var tags = [Tag(["method", method]), Tag(["nonce", "\(nonce)"])]
        if let url { tags.append(Tag(["u", url])) }
        if let payload { tags.append(Tag(["payload", payload])) }
        let event = Event.fixture(kind: kind, at: now - age, tags: tags, by: key)
        let other = Event.fixture(content: "another", by: key)
        let json =
            isForged
            ? event.text.replacingOccurrences(of: event.signature, with: other.signature) : event.text
        return "\(scheme) \(Data(json.utf8).base64EncodedString())"
    }
}

extension Event {
    fileprivate var signature: String {
        let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return object?["sig"] as? String ?? ""
    }
}

/// An admin's end of the management interface.
struct Console {
    let relay: TestRelay
    let moderation: Moderation
    let records: NIOLockedValueBox<[ManagementRecord]>
    private let nonces = NIOLockedValueBox(0)
    /// The relay's clock.
    private let now: Int64 = 1_700_000_000

    init(relay: TestRelay, moderation: Moderation, records: NIOLockedValueBox<[ManagementRecord]>) {
        (self.relay, self.moderation, self.records) = (relay, moderation, records)
    }

    static func body(_ method: String, _ params: [Any] = []) -> [UInt8] {
        let json = try? JSONSerialization.data(withJSONObject: ["method": method, "params": params])
        return Array(json ?? Data())
    }

    func proof(_ body: [UInt8]) -> Proof {
        var proof = Proof()
        proof.url = "http://127.0.0.1:\(relay.port)"
        proof.payload = Hex.string(SHA256.digest(body).bytes)
        proof.nonce = nonces.withLockedValue {
            $0 += 1; return $0
        }
        return proof
    }

    func post(_ body: [UInt8], _ spoil: (inout Proof) -> Void = { _ in }) async throws -> HTTPAnswer {
        var proof = proof(body)
        spoil(&proof)
        return try await post(body, proof)
    }

    func post(_ body: [UInt8], _ proof: Proof) async throws -> HTTPAnswer {
        var headers = ["Content-Type": "application/nostr+json+rpc"]
        headers["Authorization"] = proof.header(at: now)
        return try await HTTPAnswer.get(
            "/", from: relay.port, method: "POST", headers: headers, body: body)
    }

    func call(_ method: String, _ params: [Any] = []) async throws -> HTTPAnswer {
        try await post(Self.body(method, params))
    }

    func object(_ answer: HTTPAnswer) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any], "\(answer.text)")
    }

    /// The result of a call that is served.
    func result(_ method: String, _ params: [Any] = []) async throws -> Any? {
        let answer = try await call(method, params)
        #expect(answer.status == 200, "\(answer.text)")
        let object = try object(answer)
        #expect(object["error"] == nil, "\(answer.text)")
        return object["result"]
    }

    /// What NIP-11 claims now.
    func nips() async throws -> Set<Int> {
        let answer = try await HTTPAnswer.get(
            "/", from: relay.port, headers: ["Accept": "application/nostr+json"])
        return Set(try object(answer)["supported_nips"] as? [Int] ?? [])
    }
}
