// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing
import XStandIn

/// The bridge in a daemon, from posts at a stand-in for X to events that others read.
@Suite(.tags(.heavy), .timeLimit(.minutes(30))) struct BridgeTests {
    /// `ROOKERY_KILLS` says how often the daemon is killed: see `scripts/kill.sh`.
    private static let kills = ProcessInfo.processInfo.environment["ROOKERY_KILLS"].flatMap { Int($0) } ?? 6
    private static let words = Array(repeating: "abandon", count: 11).joined(separator: " ") + " about"

    let directory: TemporaryDirectory
    private var data: String { directory.file("data") }

    init() throws { directory = try TemporaryDirectory() }

    private func config(_ x: XServer, relays: [String] = [], more: String = "") -> String {
        """
        [sync]
        enabled = false
        [bridge]
        enabled = true
        api_base_url = "\(x.baseURL)"
        accounts = ["ada"]
        poll_interval_s = 0.5
        sweep_interval_s = 2
        daily_spend_cap_usd = 100000
        relays = [\(relays.map { "\"\($0)\"" }.joined(separator: ", "))]
        \(more)
        """
    }

    private let secrets = [
        "ROOKERY_BRIDGE_BEARER_TOKEN": XWorld.appToken, "ROOKERY_BRIDGE_MNEMONIC": Self.words,
    ]

    /// The texts of the notes that a relay serves, each as often as it is there.
    private func notes(_ rookery: RookeryProcess) async throws -> [String] {
        let client = try await NostrClient.connect(to: rookery.port)
        try await client.send(#"["REQ","q",{"kinds":[1]}]"#)
        let events = try await client.stored("q")
        await client.socket.close()
        return events.compactMap { $0.object(2)?["content"] as? String }.sorted()
    }

    @Test func `a post is readable within two seconds by a client that nobody here wrote`() async throws {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        let user = try x.withWorld { try $0.addUser("ada") }
        let rookery = try await RookeryProcess.serve(
            dataDirectory: data, config: config(x), environment: secrets)
        try await eventually("the stream") {
            try await rookery.metrics()["rookery_bridge_stream_connected"] == 1
        }
        _ = try x.withWorld { try $0.post("Hello, Nostr", by: user) }
        try await eventually("the note", within: .seconds(2)) {
            try await Peer.read(rookery.url, [#"{"kinds":[1]}"#]).count == 1
        }
        #expect(try await rookery.stop() == .code(0))
        try await x.stop()
    }

    @Test func `media are fetched, served on our port, and named in the note`() async throws {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        let (user, photo) = try x.withWorld {
            (try $0.addUser("ada"), try $0.addMedia(XMediaDraft(altText: "a square")))
        }
        let rookery = try await RookeryProcess.serve(
            dataDirectory: data, config: config(x, more: "media = \"store\""), environment: secrets)
        _ = try x.withWorld { try $0.post(XDraft("Look", mediaKeys: [photo]), by: user) }
        var note = ""
        try await eventually("the note", within: .seconds(20)) {
            note = try await notes(rookery).first ?? ""
            return !note.isEmpty
        }
        let address = try #require(note.split(whereSeparator: \.isWhitespace).last.map(String.init))
        #expect(address.hasPrefix("http://127.0.0.1:\(rookery.port)/"), "\(note)")
        let path = "/" + (address.split(separator: "/").last ?? "")
        let answer = try await rookery.get(path)
        #expect(answer.status == 200)
        #expect(path.dropFirst().hasPrefix(Hex.string(SHA256.digest(answer.body).bytes)))
        #expect(answer.headers["content-type"]?.hasPrefix("image/") == true)
        #expect(try await rookery.stop() == .code(0))
        try await x.stop()
    }

    @Test func `of two daemons with one lease the second waits, and takes over when the first is killed`()
        async throws
    {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        let user = try x.withWorld { try $0.addUser("ada") }
        let config = config(x, more: "lease_dir = \"\(directory.file("leases"))\"")
        let first = try await RookeryProcess.serve(
            dataDirectory: data, config: config, environment: secrets)
        _ = try x.withWorld { try $0.post("one", by: user) }
        try await eventually("the first note") { try await notes(first) == ["one"] }
        let second = try await RookeryProcess.serve(
            dataDirectory: directory.file("second"), config: config, environment: secrets)
        _ = try await second.process.errors.line("word of the other bridge") {
            $0.contains("another bridge has the account")
        }
        _ = try x.withWorld { try $0.post("two", by: user) }
        try await eventually("the second note") { try await notes(first) == ["one", "two"] }
        #expect(try await notes(second) == [])
        try await first.kill()
        try await eventually("both notes") { try await notes(second) == ["one", "two"] }
        #expect(try await second.stop() == .code(0))
        try await x.stop()
    }

    @Test
    func `whenever it is killed, no post is missing, none is there twice, and every relay has the same`()
        async throws
    {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        let user = try x.withWorld { try $0.addUser("ada") }
        let further = try await RookeryProcess.serve(
            dataDirectory: directory.file("further"), config: "[sync]\nenabled = false")
        let config = config(x, relays: [further.url])
        let port = try RookeryProcess.freePort()
        var rng = SplitMix64(seed: 20)
        var live: [XPostID: String] = [:]
        var rookery = try await RookeryProcess.serve(
            dataDirectory: data, config: config, port: port, environment: secrets)
        for round in 0..<Self.kills {
            for number in 0..<10 {
                let text = "post \(round) \(number)"
                live[try x.withWorld { try $0.post(text, by: user) }] = text
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...30, using: &rng)))
            }
            for (id, text) in live.sorted(by: { $0.value < $1.value }).prefix(3) {
                live[id] = nil
                // X lets a post be edited five times.
                if Bool.random(using: &rng), !text.hasSuffix(" edited") {
                    live[try x.withWorld { try $0.edit(id, text: text + " edited") }] = text + " edited"
                } else {
                    try x.withWorld { try $0.delete(id) }
                }
            }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...400, using: &rng)))
            try await rookery.kill()
            rookery = try await RookeryProcess.serve(
                dataDirectory: data, config: config, port: port, environment: secrets)
        }
        let expected = live.values.sorted()
        for relay in [rookery, further] {
            do {
                try await eventually("all posts, each once", within: .seconds(40)) {
                    try await notes(relay) == expected
                }
            } catch {
                let found = try await notes(relay)
                Issue.record(
                    "missing \(Set(expected).subtracting(found)), too many \(Set(found).subtracting(expected)), \(found.count) of \(expected.count)"
                )
            }
        }
        #expect(try await rookery.stop() == .code(0))
        let (_, output, _) = try await RookeryProcess.run(["check", "--data-dir", data])
        #expect(output.contains("sound"))
        #expect(try await further.stop() == .code(0))
        try await x.stop()
    }
}
