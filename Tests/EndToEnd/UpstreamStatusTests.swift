// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

/// What an operator sees of upstreams from outside: the status, the health, the metrics, the log.
@Suite(.serialized, .timeLimit(.minutes(5))) struct UpstreamStatusTests {
    private let ours = Event.announcement("ours", by: 1, service: RepositoryWorld.domain)

    private func status(_ gathering: GatheringRookery, _ more: String...) async throws -> (
        exit: ChildProcess.Exit, output: String, errors: String
    ) {
        try await RookeryProcess.run(
            ["status", "--data-dir", gathering.rookery.dataDirectory] + more)
    }

    @Test func `status tells each upstream's state, error and next action, and why it is followed`()
        async throws
    {
        let named = try await ScriptedRelay()
        let announcement = Event.announcement(
            "ours", by: 1, service: RepositoryWorld.domain, relays: [named.url])
        let good = try await ScriptedRelay(holding: [announcement]) { script in
            script.information = .document(#"{"software":"scripted","limitation":{"max_subscriptions":9}}"#)
        }
        let bad = try await ScriptedRelay()
        try await bad.close()
        let gathering = try await GatheringRookery.start(bootstrap: [good.url, bad.url])
        try await eventually("all to be told", within: .seconds(60)) {
            let lines = try await status(gathering).output.split(separator: "\n")
            func line(_ relay: ScriptedRelay) -> Substring {
                lines.first { $0.contains("\(relay.url):") } ?? ""
            }
            return line(good).contains("connected") && line(good).contains("1 repository,")
                && line(good).contains("next: audit in") && line(named).contains("connected")
                && line(bad).contains("last error: dial: tcp") && line(bad).contains("next: dial")
        }
        let json = try await status(gathering, "--json")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let relays = try #require((object["sync"] as? [String: Any])?["relays"] as? [[String: Any]])
        #expect(relays.count == 3)
        #expect(relays.first { $0["url"] as? String == bad.url }?["failed_attempts"] as? Int ?? 0 > 0)

        let why = try await status(gathering, "--explain", named.url)
        #expect(why.output.contains("30617:\(TestKey.publicKey(1).hex):ours"))
        #expect(!why.output.contains("sync.bootstrap"))
        let operators = try await status(gathering, "--explain", good.url + "/")
        #expect(operators.output.contains("sync.bootstrap"))
        #expect(operators.output.contains("9 subscriptions"))
        #expect(operators.output.contains("scripted"))
        let unknown = try await status(gathering, "--explain", "wss://nowhere.test")
        #expect(unknown.exit == .code(1))
        #expect(unknown.errors.contains("wss://nowhere.test is not followed"))
        #expect(try await status(gathering, "--explain", "no url").exit == .code(1))
        try await gathering.rookery.stop()
    }

    @Test func `sync that is stuck shows in its own health and not in the relay's`() async throws {
        let bad = try await ScriptedRelay()
        try await bad.close()
        let gathering = try await GatheringRookery.start(bootstrap: [bad.url], sync: "stuck_after_s = 0.5")
        try await eventually("503", within: .seconds(60)) {
            try await gathering.rookery.get("/healthz/sync").status == 503
        }
        #expect(try await gathering.rookery.get("/healthz").status == 200)
        bad.plant([ours])
        try await bad.open()
        try await eventually("200", within: .seconds(60)) {
            try await gathering.rookery.get("/healthz/sync").status == 200
        }
        try await gathering.holds(1)
        try await gathering.rookery.stop()
    }

    @Test func `a challenge is answered with the key of NIP-11, and an archive pattern reloads`() async throws
    {
        let foreign = Event.announcement("foreign", by: 5, service: "elsewhere.example")
        let relay = try await ScriptedRelay(holding: [ours, foreign]) { script in
            script.authentication = .required(challenge: "who?")
        }
        let gathering = try await GatheringRookery.start(bootstrap: [relay.url])
        try await gathering.holds(1)
        let information = try await gathering.rookery.get(
            "/", headers: ["Accept": "application/nostr+json"]
        ).text
        let key = try #require(relay.record.authentications.first).pubkey
        #expect(information.contains(key.hex))

        let file = gathering.rookery.dataDirectory + ".toml"
        let config = try String(contentsOfFile: file, encoding: .utf8)
        try (config + "\narchive = [\"foreign\"]\n").write(toFile: file, atomically: true, encoding: .utf8)
        gathering.rookery.process.signal(SIGHUP)
        try await gathering.holds(2)
        #expect(try await gathering.ids() == [ours.id, foreign.id])
        let metrics = try await gathering.rookery.metrics()
        #expect(metrics["rookery_sync_authentications_total{result=\"accepted\"}"] ?? 0 >= 1)
        #expect(metrics["rookery_sync_relay_health{relay=\"\(relay.url)\"}"] == 1)
        try await gathering.rookery.stop()
    }
}
