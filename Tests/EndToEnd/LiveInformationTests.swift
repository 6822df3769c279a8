// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

/// What NIP-11 tells follows the operator at once, from the file and from afar.
@Suite(.serialized, .timeLimit(.minutes(1))) struct LiveInformationTests {
    @Test
    func
        `the information document follows a reload and an admin's calls, and an admin's word outlives a restart`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let data = directory.file("data")
        let admin = TestKey.publicKey(1).hex
        func config(_ name: String, _ policy: String) -> String {
            """
            [relay]
            name = "\(name)"
            domain = "relay.test"
            admission = "grasp"
            admins = ["\(admin)"]
            [relay.policy]
            \(policy)
            """
        }
        var relay = try await RookeryProcess.serve(dataDirectory: data, config: config("first", ""))
        var told = try await Self.document(relay)
        #expect(told["name"] as? String == "first")
        #expect((told["repo_acceptance_criteria"] as? String)?.contains("relay.test") == true)
        #expect(told["curation"] == nil)
        #expect((told["limitation"] as? [String: Any])?["restricted_writes"] as? Bool == true)
        #expect(Set(told["supported_nips"] as? [Int] ?? []).isSuperset(of: [1, 67, 86, 98]))

        try Data(config("second", "banned_kinds = [7]").utf8).write(to: URL(filePath: data + ".toml"))
        relay.process.signal(SIGHUP)
        try await eventually("the new name", within: .seconds(10)) {
            try await Self.document(relay)["name"] as? String == "second"
        }
        #expect((try await Self.document(relay)["curation"] as? String)?.isEmpty == false)

        let answer = try await Self.call(relay, "changerelayname", ["from \"afar\""])
        #expect(answer.status == 200 && answer.text == "{\"result\":true}", "\(answer)")
        #expect(try await Self.document(relay)["name"] as? String == "from \"afar\"")
        #expect(relay.process.lastWords.contains("changed by an admin"))

        #expect(relay.process.lastWords.contains("method=changerelayname"))
        try Data(config("fourth", "").utf8).write(to: URL(filePath: data + ".toml"))
        let (_, said, _) = try await RookeryProcess.run(["reload", "--data-dir", data])
        #expect(said.contains("relay.name is now \"fourth\""))
        #expect(said.contains("in place of relay.name"), "\(said)")

        let port = relay.port
        try await relay.stop()
        relay = try await RookeryProcess.serve(dataDirectory: data, config: config("third", ""), port: port)
        told = try await Self.document(relay)
        #expect(told["name"] as? String == "from \"afar\"")
        _ = try await Self.call(relay, "changerelayname", [""])
        #expect(try await Self.document(relay)["name"] as? String == "third")
        try await relay.stop()
    }

    private static func document(_ relay: RookeryProcess) async throws -> [String: Any] {
        let answer = try await relay.get("/", headers: ["Accept": "application/nostr+json"])
        return try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
    }

    private static func call(
        _ relay: RookeryProcess, _ method: String, _ params: [String]
    ) async throws -> HTTPAnswer {
        let body = Array(try JSONSerialization.data(withJSONObject: ["method": method, "params": params]))
        let proof = Event.fixture(
            kind: Kind(27_235), at: Int64(Date().timeIntervalSince1970),
            tags: [
                Tag(["u", "https://relay.test/"]), Tag(["method", "POST"]),
                Tag(["payload", Hex.string(SHA256.digest(body).bytes)]),
            ], by: 1)
        return try await HTTPAnswer.get(
            "/", from: relay.port, method: "POST",
            headers: [
                "Content-Type": "application/nostr+json+rpc",
                "Authorization": "Nostr \(Data(proof.text.utf8).base64EncodedString())",
            ], body: body)
    }
}
