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

    /// What an operator reads of an upstream that is broken in one way: its line, its explanation, the log.
    private struct Broken: Sendable, CustomTestStringConvertible {
        let name: String
        let script: @Sendable (inout UpstreamScript) -> Void
        /// In the line of the status.
        let line: [String]
        /// In the explanation.
        let explanation: [String]
        /// In one line of the log.
        let log: [String]
        var testDescription: String { name }

        static let ways = [
            Broken(
                name: "closes everything",
                script: { $0.reaction = { _ in .closed("error: database is on fire") } },
                line: [
                    "connected, with gaps (degraded)", "closed: error: database is on fire", "next: retry",
                ],
                explanation: ["announcements: failed", "closed: error: database is on fire, again in"],
                log: ["upstream says", "closed: error: database is on fire"]),
            Broken(
                name: "rate-limits", script: { $0.reaction = { _ in .closed("rate-limited: slowly") } },
                line: ["(rate-limited)", "next: ask again in"],
                explanation: ["waits: it wants us to slow down"],
                log: ["upstream wants us to slow down"]),
            Broken(
                name: "lets members in alone",
                script: { $0.authentication = .refused(challenge: "who?", "restricted: members only") },
                line: ["(degraded)", "auth refused: restricted: members only"],
                explanation: ["announcements: failed", "members only"],
                log: ["upstream does not accept who we are", "members only"]),
            Broken(
                name: "is no relay", script: { $0.handshake = .refuse(403) },
                line: ["disconnected (degraded)", "dial: http (403)", "next: dial"],
                explanation: [
                    "waits: the pause after its last failure is not over", "asked for once it is connected",
                ],
                log: ["upstream cannot be reached", "http: 403"]),
            Broken(
                name: "speaks something else",
                script: { $0.handshake = .garbage(Array("SSH-2.0-x\r\n\r\n".utf8)) },
                line: ["disconnected (degraded)", "dial: protocol", "next: dial"],
                explanation: ["sync.bootstrap"], log: ["upstream cannot be reached", "protocol"]),
        ]
    }

    @Test(arguments: Broken.ways) private func `what is wrong is understood from status and log alone`(
        broken: Broken
    ) async throws {
        let bad = try await ScriptedRelay { broken.script(&$0) }
        // Pauses long enough to be read in.
        let gathering = try await GatheringRookery.start(
            bootstrap: [bad.url], sync: "answer_timeout_s = 5", backoff: (2, 20))
        try await eventually(broken.name, within: .seconds(60)) {
            let line = try await status(gathering).output.split(separator: "\n").first {
                $0.contains("\(bad.url):")
            }
            let why = try await status(gathering, "--explain", bad.url).output
            return broken.line.allSatisfy { line?.contains($0) == true }
                && broken.explanation.allSatisfy { why.contains($0) }
        }
        try await gathering.rookery.stop()
        let log = gathering.rookery.process.errors.lines
        #expect(
            log.contains { line in broken.log.allSatisfy { line.contains($0) } },
            "\(log.joined(separator: "\n"))")
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
