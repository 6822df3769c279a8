// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing
import XStandIn

/// The bridge's ties to others: Redis and X's other direction, webhooks, moderators on Nostr.
@Suite(.tags(.heavy), .timeLimit(.minutes(5))) struct BridgeLinkTests {
    private static let redis = ["/usr/bin/redis-server", "/usr/bin/redis-cli"]
    private static let hasRedis = redis.allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

    private let secrets = BridgedRookery.secrets.merging(["ROOKERY_BRIDGE_WEBHOOK_SECRET": "0123456789abcdef"]
    ) { $1 }
    private let directory: TemporaryDirectory
    private let x: XServer
    private let ada: XUserID
    private var data: String { directory.file("data") }

    init() async throws {
        directory = try TemporaryDirectory()
        x = try await XServer.start(options: XServerOptions(clock: .real))
        ada = try x.withWorld { try $0.addUser("ada") }
    }

    private func serve(_ bridge: String, relay: String = "") async throws -> RookeryProcess {
        try await RookeryProcess.serve(
            dataDirectory: data,
            config: """
                \(relay)
                [sync]
                enabled = false
                [bridge]
                enabled = true
                api_base_url = "\(x.baseURL)"
                accounts = ["ada"]
                poll_interval_s = 0.5
                daily_spend_cap_usd = 100
                \(bridge)
                """, environment: secrets)
    }

    /// `rookery bridge …` with the daemon's configuration.
    private func bridge(_ arguments: String...) async throws -> String {
        let (exit, output, errors) = try await RookeryProcess.run(
            ["bridge"] + arguments + ["--config", data + ".toml", "--data-dir", data], environment: secrets)
        #expect(exit == .code(0), "\(errors)")
        return output
    }

    private func label(_ word: String, _ target: String, by key: Int) -> Event {
        let space = "rookery.moderation"
        return .fixture(
            kind: 1985, at: Int64(Date().timeIntervalSince1970),
            tags: [.of("L", space), .of("l", word, space), .of("i", target)], by: key)
    }

    private func publish(_ event: Event, to rookery: RookeryProcess) async throws -> Bool {
        let client = try await NostrClient.connect(to: rookery.port)
        let answer = try await client.publish(event.text)
        await client.socket.close()
        return answer.accepted
    }

    /// The texts of the notes that a relay serves.
    private func notes(_ rookery: RookeryProcess) async throws -> [String] {
        let client = try await NostrClient.connect(to: rookery.port)
        try await client.send(#"["REQ","q",{"kinds":[1]}]"#)
        let events = try await client.stored("q")
        await client.socket.close()
        return events.compactMap { $0.object(2)?["content"] as? String }
    }

    // MARK: To X

    private func oauthFile() throws -> String {
        let (id, secret) = XWorld.confidentialClient
        let path = directory.file("oauth.json")
        try #"{"client_id":"\#(id)","client_secret":"\#(secret)"}"#.write(
            toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }

    /// Gives consent as a person does, with a browser beside the terminal.
    private func signIn() async throws -> String {
        let login = try ChildProcess(
            RookeryProcess.Product.path, ["bridge", "login", "--config", data + ".toml", "--data-dir", data],
            environment: secrets)
        let address = try await eventually("the address") {
            login.output.lines.first { $0.hasPrefix(x.baseURL) }
        }
        let port = try #require(URL(string: x.baseURL)?.port)
        let answer = try await HTTPAnswer.get(String(address.dropFirst(x.baseURL.count)), from: port)
        login.write(line: try #require(answer.headers["location"], "\(answer)"))
        login.closeInput()
        #expect(try await login.waitForExit() == .code(0), "\(login.lastWords)")
        return try await login.output.all().joined(separator: "\n")
    }

    @Test(.enabled(if: hasRedis, "redis-server and redis-cli are not installed"))
    func `what comes through Redis waits, and is posted on X once it is approved, with tokens that live on`()
        async throws
    {
        let port = try RookeryProcess.freePort()
        let redis = try ChildProcess(
            Self.redis[0],
            ["--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--dir", directory.path])
        func push(_ text: String, _ moderation: String) async throws {
            let item = #"{"action":"tweet","payload":{"text":"\#(text)"},"moderation":"\#(moderation)"}"#
            try await eventually("redis") {
                let cli = try ChildProcess(Self.redis[1], ["-p", "\(port)", "RPUSH", "write_queue", item])
                return try await cli.waitForExit() == .code(0)
            }
        }
        let more = """
            oauth_client_file = "\(try oauthFile())"
            outbound = true
            redis_write_queue = "redis://127.0.0.1:\(port)/0"
            """
        var rookery = try await serve(more)
        #expect(try await signIn().contains("@ada"))
        _ = try await bridge("moderator", "add", "eve", "--key", TestKey.publicKey(5).hex)
        try await push("said to be approved", "approved")
        try await push("pending", "pending")
        try await eventually("the items") {
            try await bridge("queue").split(separator: "\n").count == 2
        }
        #expect(x.withWorld { $0.postCount } == 0)
        _ = try await bridge("moderate", "approve", "1", "--as", "eve")
        try await eventually("the first post") { x.withWorld { $0.postCount } == 1 }
        // Access tokens end, and the daemon is another: the kept ones are renewed.
        x.withWorld { $0.expireAccessTokens() }
        #expect(try await rookery.stop() == .code(0))
        rookery = try await serve(more)
        let relay =
            try #require(
                try JSONSerialization.jsonObject(
                    with: Data(
                        try await rookery.get("/", headers: ["Accept": "application/nostr+json"]).body))
                    as? [String: Any])["self"] as? String
        #expect(
            try await publish(label("approve", "item:\(try #require(relay)):2", by: 5), to: rookery))
        try await eventually("the second post") { x.withWorld { $0.postCount } == 2 }
        try await eventually("the count") {
            try await rookery.metrics()["writer_actions_processed_total{action=\"tweet\"}"] == 1
        }
        // What was posted from here is no news; what ada posts herself is.
        _ = try x.withWorld { try $0.post("hers", by: ada) }
        try await eventually("the note") { try await notes(rookery).contains("hers") }
        #expect(try await notes(rookery) == ["hers"])
        let spent = try await rookery.metrics()["rookery_bridge_spent_today_microdollars"]
        #expect(spent == Double(x.withWorld { $0.spend.total }))
        #expect(try await rookery.stop() == .code(0))
        try await redis.kill()
        try await x.stop()
    }

    // MARK: To receivers

    @Test func `a receiver is told of each post once, signed, and of what came while it was away`()
        async throws
    {
        let receiver = try await HookReceiver()
        let more = """
            webhooks = ["http://127.0.0.1:\(receiver.port)/hook"]
            webhooks_private = true
            """
        var rookery = try await serve(more)
        _ = try x.withWorld { try $0.post("one", by: ada) }
        try await eventually("the first message") { receiver.received.count == 1 }
        let first = try #require(receiver.received.first)
        #expect(String(decoding: first.body, as: UTF8.self).contains(#""content":"one"#))
        #expect(first.header("X-Rookery-Signature")?.isEmpty == false)
        receiver.answerNext(500)
        _ = try x.withWorld { try $0.post("two", by: ada) }
        try await eventually("a message that is refused") { receiver.received.count == 2 }
        try await rookery.kill()
        rookery = try await serve(more)
        try await eventually("the same again", within: .seconds(30)) { receiver.received.count == 3 }
        #expect(String(decoding: receiver.received[2].body, as: UTF8.self).contains(#""content":"two"#))
        try await eventually("the count") {
            try await rookery.metrics()["rookery_bridge_webhook_messages_total{result=\"delivered\"}"] == 1
        }
        #expect(try await rookery.stop() == .code(0))
        try await receiver.stop()
        try await x.stop()
    }

    // MARK: From moderators

    @Test func `a moderator's label lets a post out, though the relay takes repositories alone`() async throws
    {
        let rookery = try await serve(
            "moderation = \"queue\"", relay: "[relay]\nadmission = \"grasp\"\ndomain = \"relay.example\"")
        _ = try await bridge("moderator", "add", "eve", "--key", TestKey.publicKey(5).hex)
        let id = try x.withWorld { try $0.post("is it good?", by: ada) }
        try await eventually("the item") { try await bridge("queue").contains("is it good?") }
        #expect(try await !publish(label("approve", "twitter:\(id)", by: 6), to: rookery))
        #expect(try await notes(rookery).isEmpty)
        #expect(try await publish(label("approve", "twitter:\(id)", by: 5), to: rookery))
        try await eventually("the note") { try await notes(rookery).count == 1 }
        #expect(try await bridge("queue", "--state", "executed").contains("is it good?"))
        #expect(try await rookery.stop() == .code(0))
        try await x.stop()
    }
}
