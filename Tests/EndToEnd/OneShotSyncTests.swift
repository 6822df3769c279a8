// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

/// `rookery sync`, as an operator and a script see it.
@Suite(.timeLimit(.minutes(5))) struct OneShotSyncTests {
    private static func events(_ owner: String, _ count: Int) -> [Event] {
        (0..<count).map {
            .fixture(
                at: 1_740_000_000 + Int64($0 % 50), tags: [.of("t", owner)], content: "\(owner) \($0)",
                by: $0 % 2)
        }
    }

    private let directory: TemporaryDirectory
    private let shared = events("shared", 200)
    private let theirs = events("theirs", 40)
    private let ours = events("ours", 30)

    init() throws { directory = try TemporaryDirectory("sync") }

    private func store(_ events: [Event], in name: String) async throws {
        let file = try directory.write(jsonl: events, to: "\(name).jsonl")
        let (exit, _, errors) = try await RookeryProcess.run(
            ["import", file, "--data-dir", directory.file(name)])
        #expect(exit == .code(0), "\(errors)")
    }

    private func sync(
        _ url: String, _ name: String, _ arguments: String...
    ) async throws -> (exit: ChildProcess.Exit, output: String, errors: String) {
        try await RookeryProcess.run(["sync", url, "--data-dir", directory.file(name)] + arguments)
    }

    @Test func `two relays are brought in step, standalone, and again for next to nothing`() async throws {
        try await store(shared + theirs, in: "there")
        try await store(shared + ours, in: "here")
        let there = try await RookeryProcess.serve(dataDirectory: directory.file("there"))
        let client = try await NostrClient.connect(to: there.port)

        let dry = try await sync(there.url, "here", "--dry-run")
        #expect(dry.exit == .code(1) && dry.output.contains("40 only there, 30 only here"), "\(dry)")
        let kinds = #"{"kinds":[1]}"#
        let two = try await sync(there.url, "here", "--filter", kinds, "--filter", kinds)
        #expect(two.exit == .code(2) && two.errors.contains("once"), "\(two)")
        let limited = try await sync(there.url, "here", "--filter", #"{"limit":1}"#)
        #expect(limited.exit == .code(2) && limited.errors.contains("limit"), "\(limited)")
        #expect(try await sync(there.url, "nowhere", "--dry-run").exit == .code(1))
        #expect(!FileManager.default.fileExists(atPath: directory.file("nowhere")), "nothing was made")
        let down = try await sync(there.url, "here", "--dir", "down", "--filter", ##"{"#t":["theirs"]}"##)
        #expect(down.exit == .code(0) && down.output.contains("40 received"), "\(down)")
        #expect(try await client.count() == 240, "nothing was sent")
        let up = try await sync(there.url, "here", "--json")
        #expect(up.exit == .code(0), "\(up)")
        let told = try JSONSerialization.jsonObject(with: Data(up.output.utf8)) as? [String: Any]
        let result = told?["result"] as? [String: Any]
        #expect(told?["is_in_step"] as? Bool == true)
        #expect(result?["sent"] as? Int == 30 && result?["received"] as? Int == 0, "\(up.output)")
        #expect(try await client.count() == 270)
        let again = try await sync(there.url, "here")
        #expect(again.exit == .code(0) && again.output.contains("1 round"), "\(again)")
    }

    @Test func `a running daemon takes what comes, and reads what is private with its key`() async throws {
        let here = try await RookeryProcess.serve(dataDirectory: directory.file("here"))
        let digits = try String(contentsOfFile: directory.file("here") + "/relay.key", encoding: .utf8)
        let key = try #require(SecretKey(hex: digits.trimmingCharacters(in: .whitespacesAndNewlines)))
        let message = Event.fixture(kind: 4, tags: [.of("p", key.publicKey.hex)], content: "x", by: 1)
        try await store(shared + [message], in: "there")
        let there = try await RookeryProcess.serve(dataDirectory: directory.file("there"))
        let all = try await sync(there.url, "here")
        #expect(all.exit == .code(0) && all.output.contains("200 received"), "\(all)")
        let mine = try await sync(there.url, "here", "--filter", #"{"kinds":[4]}"#)
        #expect(mine.exit == .code(0) && mine.output.contains("1 received"), "\(mine)")
        let client = try await NostrClient.connect(to: here.port)
        #expect(try await client.count() == 200, "messages are counted for those involved alone")
    }

    @Test func `a relay without negentropy is read page by page, and nothing can be sent to it`() async throws
    {
        try await store(shared + theirs, in: "there")
        try await store([ours[0]], in: "here")
        let there = try await RookeryProcess.serve(
            dataDirectory: directory.file("there"),
            config: "[relay.negentropy]\nenabled = false\n[relay.limits]\nmax_limit = 37")
        let down = try await sync(there.url, "here", "--dir", "down")
        #expect(down.exit == .code(0) && down.output.contains("page by page"), "\(down)")
        #expect(down.output.contains("240 received") && down.errors.contains("does not reconcile"), "\(down)")
        let both = try await sync(there.url, "here")
        #expect(both.exit == .code(1) && both.errors.contains("nothing was sent"), "\(both)")
    }

    @Test func `nostr-sdk's relay is brought in step, too`() async throws {
        let upstream = try RustNostrRelay()
        try await upstream.start(holding: shared + theirs)
        try await store(shared + ours, in: "here")
        let first = try await sync(upstream.url, "here")
        #expect(first.exit == .code(0), "\(first)")
        #expect(first.output.contains("40 received, 30 sent"), "\(first)")
        let again = try await sync(upstream.url, "here")
        #expect(again.exit == .code(0) && !again.output.contains("received"), "\(again)")
        try await upstream.kill()
    }

    @Test func `what is wrong ends with the exit code that is documented`() async throws {
        let port = try RookeryProcess.freePort()
        #expect(try await sync("ws://127.0.0.1:\(port)", "here").exit == .code(1))
        #expect(try await sync("127.0.0.1 7777", "here").exit == .code(2))
        #expect(try await sync("ws://127.0.0.1:\(port)", "here", "--filter", "{").exit == .code(2))
        #expect(try await sync("ws://127.0.0.1:\(port)", "here", "--dir", "sideways").exit == .code(2))
        // What refuses some events tells so, and the code says that not all is done.
        try await store(ours, in: "here")
        let there = try await RookeryProcess.serve(
            dataDirectory: directory.file("there"),
            config: "[relay]\nadmission = \"grasp\"\ndomain = \"a.test\"")
        let refused = try await sync(there.url, "here")
        #expect(refused.exit == .code(1) && refused.errors.contains("blocked: "), "\(refused)")
        #expect(refused.output.contains("30 not taken there"), "\(refused)")
    }

    @Test func `who is interrupted says so, and is done the next time`() async throws {
        let relay = try await ScriptedRelay(holding: shared)
        relay.behave { $0.reaction = { _ in .ignore } }
        let process = try ChildProcess(
            RookeryProcess.Product.path,
            ["sync", relay.url, "--dir", "down", "--data-dir", directory.file("here")])
        try await eventually("its first page") { !relay.record.requests.isEmpty }
        process.signal(SIGINT)
        #expect(try await process.waitForExit() == .code(1))
        #expect(try await process.errors.all().joined().contains("interrupted"))
        relay.behave { $0.reaction = { _ in .answer } }
        let again = try await sync(relay.url, "here", "--dir", "down")
        #expect(again.exit == .code(0) && again.output.contains("200 received"), "\(again)")
    }
}
