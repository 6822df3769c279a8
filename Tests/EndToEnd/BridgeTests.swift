// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing
import XStandIn

/// The bridge in a daemon, from posts at a stand-in for X to events that others read.
@Suite(.tags(.heavy), .timeLimit(.minutes(30))) struct BridgeTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// By the stream, and by polling alone.
    @Test(arguments: [true, false])
    func `a post is readable within two seconds by a client that nobody here wrote`(pushed: Bool) async throws
    {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        let user = try x.withWorld { try $0.addUser("ada") }
        let rookery = try await BridgedRookery.start(
            x, in: directory, bridge: pushed ? "" : "stream = false\npoll_interval_s = 1")
        try await eventually("a bridge that waits") {
            let metrics = try await rookery.process.metrics()
            return pushed
                ? metrics["rookery_bridge_stream_connected"] == 1
                : x.withWorld { $0.requests.counts["GET /2/users/:id/tweets"] } != nil
        }
        _ = try x.withWorld { try $0.post("Hello, Nostr", by: user) }
        try await eventually("the note", within: .seconds(2)) {
            try await Peer.read(rookery.process.url, [#"{"kinds":[1]}"#]).count == 1
        }
        #expect(try await rookery.stop())
        try await x.stop()
    }

    @Test func `a burst while it was down arrives, though five pages are read at a time`()
        async throws
    {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        let user = try x.withWorld { try $0.addUser("ada") }
        var rookery = try await BridgedRookery.start(x, in: directory, bridge: "poll_interval_s = 0.5")
        _ = try x.withWorld { try $0.post("post", by: user) }
        try await eventually("the first") { try await rookery.notes().count == 1 }
        try await rookery.process.kill()
        let count = TestScale.pick(quick: 600, full: 1_000)
        for number in 1...count { _ = try x.withWorld { try $0.post("post \(number)", by: user) } }
        try await rookery.restart()
        try await eventually("the others", within: .seconds(30)) { try await rookery.made() >= count }
        #expect(try await rookery.notes() == (["post"] + (1...count).map { "post \($0)" }).sorted())
        #expect(try await rookery.stop())
        try await x.stop()
    }

    @Test func `media are fetched, served on our port, and named in the note`() async throws {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        let (user, photo) = try x.withWorld {
            (try $0.addUser("ada"), try $0.addMedia(XMediaDraft(altText: "a square")))
        }
        let rookery = try await BridgedRookery.start(
            x, in: directory, bridge: "poll_interval_s = 0.5\nmedia = \"store\"")
        _ = try x.withWorld { try $0.post(XDraft("Look", mediaKeys: [photo]), by: user) }
        var note = ""
        try await eventually("the note", within: .seconds(20)) {
            note = try await rookery.notes().first ?? ""
            return !note.isEmpty
        }
        let address = try #require(note.split(whereSeparator: \.isWhitespace).last.map(String.init))
        #expect(address.hasPrefix("http://127.0.0.1:\(rookery.port)/"), "\(note)")
        let path = "/" + (address.split(separator: "/").last ?? "")
        let answer = try await rookery.process.get(path)
        #expect(answer.status == 200)
        #expect(path.dropFirst().hasPrefix(Hex.string(SHA256.digest(answer.body).bytes)))
        #expect(answer.headers["content-type"]?.hasPrefix("image/") == true)
        #expect(try await rookery.stop())
        try await x.stop()
    }

    @Test func `of two daemons with one lease the second waits, and takes over when the first is killed`()
        async throws
    {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        let user = try x.withWorld { try $0.addUser("ada") }
        let lease = "poll_interval_s = 0.5\nlease_dir = \"\(directory.file("leases"))\""
        let first = try await BridgedRookery.start(x, in: directory, bridge: lease)
        _ = try x.withWorld { try $0.post("one", by: user) }
        try await eventually("the first note") { try await first.notes() == ["one"] }
        let elsewhere = try TemporaryDirectory()
        defer { withExtendedLifetime(elsewhere) {} }
        let second = try await BridgedRookery.start(x, in: elsewhere, bridge: lease)
        _ = try await second.process.process.errors.line("word of the other bridge") {
            $0.contains("another bridge has the account")
        }
        _ = try x.withWorld { try $0.post("two", by: user) }
        try await eventually("the second note") { try await first.notes() == ["one", "two"] }
        #expect(try await second.notes() == [])
        try await first.process.kill()
        try await eventually("both notes") { try await second.notes() == ["one", "two"] }
        #expect(try await second.stop())
        try await x.stop()
    }
}
