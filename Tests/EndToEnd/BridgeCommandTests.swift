// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing
import XStandIn

/// Every command that an operator has for the bridge, with a daemon and without one.
@Suite(.tags(.heavy), .timeLimit(.minutes(5))) struct BridgeCommandTests {
    private let secrets = BridgedRookery.secrets

    let directory: TemporaryDirectory
    private var data: String { directory.file("data") }

    init() throws { directory = try TemporaryDirectory() }

    private func config(_ x: XServer) -> String {
        """
        [sync]
        enabled = false
        [bridge]
        enabled = true
        api_base_url = "\(x.baseURL)"
        accounts = ["ada"]
        poll_interval_s = 0.5
        words_refused = ["spam"]
        relays = ["ws://127.0.0.1:9"]
        """
    }

    /// - Returns: what a command says, and whether it ended well.
    private func say(_ words: String..., in file: String) async throws -> (
        ok: Bool, output: String, errors: String
    ) {
        let arguments = ["bridge"] + words + ["--config", file, "--data-dir", data, "--log-level", "error"]
        let (exit, output, errors) = try await RookeryProcess.run(arguments, environment: secrets)
        return (exit == .code(0), output, errors)
    }

    /// What an older tool's scripts do, in the order of a day; the same with a daemon and without.
    private func walk(_ x: XServer, _ file: String) async throws {
        let (ada, bob) = try x.withWorld { (try $0.addUser("ada"), try $0.addUser("bob")) }
        #expect(try await say("bootstrap", in: file).output.contains("ada"))
        let profile = try await say("fetch-profile", "@bob", in: file)
        #expect(profile.ok && profile.output.contains("@bob"), "\(profile)")
        #expect(try await say("fetch-profile", "nobody_here", in: file).errors.contains("knows no account"))

        let first = try x.withWorld { try $0.post("hello from bob", by: bob) }
        let answer = try x.withWorld { try $0.post(XDraft("an answer", inReplyTo: first), by: ada) }
        let post = "\(first)"
        let fetched = try await say("fetch-tweet", "https://x.com/bob/status/\(post)", in: file)
        #expect(fetched.ok && fetched.output.contains("read  hello from bob"), "\(fetched)")
        #expect(try await !say("fetch-tweet", "https://notx.com/bob/status/\(post)", in: file).ok)
        let timeline = try await say("user-tweets", "bob", "--count", "5", "--days", "2", in: file)
        #expect(timeline.ok && timeline.output.contains(post), "\(timeline)")
        let thread = try await say("thread", "\(answer)", "--fetch", in: file)
        #expect(thread.ok && thread.output.contains("  \(answer)"), "\(thread)")

        let spam = "\(try x.withWorld { try $0.post("spam", by: bob) })"
        let mirrored = try await say("post", spam, in: file)
        #expect(mirrored.ok && mirrored.output.contains("is mirrored as"), "\(mirrored)")
        let again = try await say("post", spam, "--force", in: file)
        #expect(again.output.contains("was mirrored before as"), "\(again)")
        let shown = try await say("show-tweet", "x.com/bob/status/\(spam)", "--json", in: file)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [String: Any], "\(shown)")
        let versions = try #require(object["versions"] as? [[String: Any]])
        let relays = try #require(versions.first?["relays"] as? [[String: Any]])
        #expect(relays.first?["url"] as? String == "ws://127.0.0.1:9")
        #expect((object["raw"] as? [String: Any])?["text"] as? String == "spam")
        let listed = try await say("list", "--account", "bob", "--state", "mirrored", "--json", in: file)
        #expect(listed.output.contains("\"id\":\"\(spam)\"") && !listed.output.contains(post), "\(listed)")
        let event = try #require(versions.first?["event_id"] as? String)
        let asked = try await say("query-events", "-k", "1", "-l", "50", "-f", "json", in: file)
        #expect(asked.output.contains(event), "\(asked)")

        #expect(try await say("post-profile", "bob", "--force", in: file).output.contains("is published"))
        let set = try await say(
            "account", "set", "ada", "--words-required", "art", "--moderation", "queue", "--interval", "60",
            in: file)
        #expect(set.ok && set.output.contains("with art; without spam"), "\(set)")
        #expect(try await !say("account", "set", "ada", "--kinds", "likes", in: file).ok)
        let accounts = try await say("account", "list", "--json", in: file)
        #expect(accounts.output.contains("\"words_refused\":[\"spam\"]"), "\(accounts)")
        let back = try await say(
            "account", "set", "ada", "--inherit-rules", "--moderation", "inherited", in: file)
        #expect(back.ok && !back.output.contains("rules:"), "\(back)")
        #expect(
            try await say("update-relay-list", "--force", in: file).output.contains(
                "@ada: the relay list is published"))
        #expect(try await say("retry-failed", in: file).output.contains("0 media"))
        #expect(try await say("queue", "--limit", "5", "--json", in: file).ok)
    }

    @Test func `every command works beside a daemon`() async throws {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        let file = directory.file("bridge.toml")
        try config(x).write(toFile: file, atomically: true, encoding: .utf8)
        let rookery = try await RookeryProcess.serve(
            dataDirectory: data, config: config(x), environment: secrets)
        try await walk(x, file)
        let asked = try await say("query-events", "--relay", rookery.url, "-k", "0", in: file)
        #expect(asked.ok && asked.output.contains("kind 0"), "\(asked)")
        #expect(try await rookery.stop() == .code(0))
        try await x.stop()
    }

    @Test func `every command works without a daemon`() async throws {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        let file = directory.file("bridge.toml")
        try config(x).write(toFile: file, atomically: true, encoding: .utf8)
        try await walk(x, file)
        let nobody = try await say("query-events", "--relay", "ws://127.0.0.1:9", in: file)
        #expect(!nobody.ok && nobody.errors.contains("ws://127.0.0.1:9"), "\(nobody)")
        try await x.stop()
    }
}
