// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct FileExchangeTests {
    /// A directory of nostrweet as its code writes it.
    private func old() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(
            atPath: directory.file("nostr_events"), withIntermediateDirectories: false)
        try directory.write(
            #"{"id":"999999999999999999","text":"old","author":{"id":"10","username":"bob","name":null},"author_id":"10","referenced_tweets":null,"created_at":"2018-05-25T13:05:00.000Z","entities":null,"includes":null}"#,
            to: "20180525_130500_bob_999999999999999999.json")
        try directory.write(
            #"{"id":"1002530000000000000","text":"newer","author":{"id":"10","username":"bob"},"author_id":"10","created_at":"2018-06-01T12:00:00.000Z","referenced_tweets":[{"id":"5","type":"quoted","data":{"id":"5","text":"said","author":{"id":"11","username":"eve","name":"Eve"},"created_at":"2010-01-01T00:00:00Z"}}],"attachments":{"media_keys":["3_1"]},"includes":{"media":[{"media_key":"3_1","type":"photo","url":"https://pbs.twimg.com/media/a.jpg"}]}}"#,
            to: "20180601_120000_bob_1002530000000000000.json")
        // Another account whose handle ends in ours (D3), with an author that nobody could name (D7).
        try directory.write(
            #"{"id":"77","text":"foo","author":{"id":"","username":""},"author_id":"12","created_at":"2010-01-01T00:00:00Z"}"#,
            to: "20100101_000000_foo_bob_77.json")
        // A profile that ends in the number of its account (D2), in two namings.
        try directory.write(
            #"{"id":"10","name":"Bob before","username":"bob"}"#, to: "20240101120000_bob_10.json")
        try directory.write(
            #"{"id":"10","name":"Bob now","username":"bob"}"#, to: "20250101_120000_bob_profile.json")
        try directory.write(
            #"{"id":"9999999999999999999","name":"Big","username":"big"}"#,
            to: "20250101_120000_big_9999999999999999999.json")
        try directory.write("", to: "1234.not_found")
        try directory.write(#"{"reason":"suspended"}"#, to: "tweet_1235.not_found")
        try directory.write("{\"id\":\"88\",", to: "20100101_000000_bob_88.json")
        try directory.write("no JSON", to: "20240101120000_bob_11.json")
        try directory.write("jpg", to: "bob_1002530000000000000_1.jpg")
        try directory.write("?", to: "notes.txt")
        let event = mirroring(999_999_999_999_999_999)
        try directory.write(event.text, to: "nostr_events/event_\(event.id.hex).json")
        let forged = mirroring(1_002_530_000_000_000_000).text.replacing("\"sig\":\"", with: "\"sig\":\"00")
        try directory.write(
            forged.replacing("00\"}", with: "\"}"),
            to: "nostr_events/\(String(repeating: "a", count: 64)).json")
        return directory
    }

    private func mirroring(_ id: UInt64) -> Event {
        .fixture(
            at: 1_600_000_000, tags: [.of("r", "https://twitter.com/i/status/\(id)")], content: "x", by: 3)
    }

    @Test func `a directory in both namings comes in, and nothing is taken for what it is not`() async throws
    {
        let (world, directory) = (try BridgeWorld(), try old())
        try await world.store.addAccount(.fixture(10, handle: "nobody"))
        var options = ImportOptions()
        options.queuesUnposted = true
        let report = try await BridgeImport(into: world.store, options).directory(directory.path)
        let lines = report.problems.map { "\($0.place) \($0.reason)" }
        #expect(report[.posts] == 3, "\(lines)")
        #expect(report[.mirrors] == 1 && report[.gone] == 2)
        #expect(report.damaged == 3, "\(lines)")
        #expect(report.ignored == 2)
        // D1, D2: the greatest number of a post counts, as a number.
        #expect(try world.store.cursor(.timeline(UserID(10))) == PostID(1_002_530_000_000_000_000))
        #expect(
            try world.store.posts(by: UserID(10), limit: 9) == [
                PostID(1_002_530_000_000_000_000), PostID(999_999_999_999_999_999),
            ])
        #expect(try world.store.posts(by: UserID(12), limit: 9) == [PostID(77)])
        #expect(try world.store.user(UserID(9_999_999_999_999_999_999))?.user.name == "Big")
        #expect(try world.store.gone(PostID(1_235))?.absence == .suspended)
        #expect(try world.store.gone(PostID(1_234))?.recheckAt == nil)
        // What has an event is not mirrored again; what has none waits.
        #expect(
            try world.store.mirror(PostID(999_999_999_999_999_999))?.event
                == mirroring(999_999_999_999_999_999).id.hex)
        #expect(try world.store.todo(limit: 9).map(\.post) == [PostID(1_002_530_000_000_000_000)])
        #expect(
            try world.store.post(PostID(1_002_530_000_000_000_000))?.snapshot.referenced(.quoted)?.author?
                .handle == "eve")
        #expect(try world.store.media("3_1")?.download.status == .pending)
    }

    @Test func `the latest profile counts, and the same again changes nothing`() async throws {
        let (world, directory) = (try BridgeWorld(), try old())
        let job = BridgeImport(into: world.store)
        let first = try await job.directory(directory.path)
        #expect(try world.store.user(UserID(10))?.user.name == "Bob now")
        #expect(first[.users] == 2)
        #expect(try world.store.media("3_1")?.download.status == .dropped)
        let rows = try world.rows()
        world.pass(1_000)
        let second = try await job.directory(directory.path)
        #expect(second.done.isEmpty && second.known == 9, "\(second)")
        #expect(try world.rows() == rows)
    }

    @Test func `an import that is broken off goes on`() async throws {
        let directory = try old()
        let whole = try BridgeWorld()
        _ = try await BridgeImport(into: whole.store).directory(directory.path)
        for stop in 1...6 {
            let count = NIOLock.Box(0)
            let world = try BridgeWorld { count.next() == stop ? .after : .none }
            let job = BridgeImport(into: world.store)
            do { _ = try await job.directory(directory.path) } catch {
                _ = try await job.directory(directory.path)
            }
            #expect(try Set(world.rows().keys) == Set(whole.rows().keys))
        }
    }

    @Test func `what is exported is imported as it was`() async throws {
        let world = try BridgeWorld()
        let full = ReadPost.fixture(2_083_157_183_716_917_248, text: "a & b \"c\"") { $0 = .full($0) }
        _ = try await world.store.store([full], todo: [TodoRequest(full.id)])
        _ = try await world.store.publish(.of(full.id.number, event: mirroring(full.id.number)))
        try await world.store.markGone(PostID(5), .withheld, status: 451, recheckAt: 1_900_000_000_000)
        let directory = try TemporaryDirectory()
        let job = BridgeExport(of: world.store)
        let report = try job.files(into: directory.path)
        #expect(report[.posts] == 2 && report[.events] == 1 && report[.gone] == 1)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(names.contains { $0.hasSuffix("_user10_2083157183716917248.json") }, "\(names)")
        #expect(names.contains("tweet_5.not_found"))
        #expect(try job.files(into: directory.path).done.isEmpty)

        let other = try BridgeWorld()
        let back = try await BridgeImport(into: other.store).directory(directory.path)
        #expect(back.damaged == 0, "\(back.problems)")
        #expect(try other.store.post(full.id)?.snapshot == world.store.post(full.id)?.snapshot)
        #expect(try other.store.mirror(full.id)?.event == world.store.mirror(full.id)?.event)
        #expect(try other.store.gone(PostID(5))?.status == 451)
    }

    @Test func `the same events are sent to the relays that are named, so that deletions go there`()
        async throws
    {
        let (world, directory) = (try BridgeWorld(), try old())
        var options = ImportOptions()
        options.relays = [try RelayURL("wss://relay.example")]
        _ = try await BridgeImport(into: world.store, options).directory(directory.path)
        let relay = try #require(try world.store.relays().first)
        #expect(try world.store.nextDelivery(to: relay.number) != nil)
    }

    @Test func `files of media are linked under the names that are documented`() async throws {
        let (world, media, out) = (try BridgeWorld(), try TemporaryDirectory(), try TemporaryDirectory())
        try media.write("picture", to: "blob")
        let post = ReadPost.fixture(1_234_567) {
            $0.post.mediaKeys = ["3_1"]
            $0.media = [Media(key: "3_1", type: "photo")]
        }
        _ = try await world.store.store([post])
        let hash = SHA256.digest(Array("picture".utf8))
        let blob = BlobRow(hash: hash, path: "blob", bytes: 7, contentType: "image/png", at: world.now)
        try await world.store.updateMedia("3_1", blob: blob) {
            $0.download.hash = blob.hash
            $0.download.status = .ok
        }
        let job = BridgeExport(of: world.store)
        #expect(try job.files(into: out.path, media: media.path)[.files] == 1)
        #expect(try out.read("user10_1234567_1.png") == "picture")
        #expect(try job.files(into: out.path, media: media.path).done.isEmpty)
    }

    @Test func `a pipe, a link and a file that is too long cost themselves`() async throws {
        let (world, directory) = (try BridgeWorld(), try TemporaryDirectory())
        #expect(mkfifo(directory.file("20100101_000000_bob_1.json"), 0o600) == 0)
        #expect(symlink("/etc/passwd", directory.file("20100101_000000_bob_2.json")) == 0)
        try directory.write(String(repeating: " ", count: 2_000), to: "20100101_000000_bob_3.json")
        var limits = ExchangeLimits()
        limits.documentBytes = 1_000
        let report = try await BridgeImport(into: world.store, limits: limits).directory(directory.path)
        #expect(report.damaged == 3 && report.done.isEmpty)
        await #expect(throws: ExchangeError.self) {
            try await BridgeImport(into: world.store).directory(directory.file("missing"))
        }
    }
}

extension Snapshot {
    /// With something in every field.
    static func full(_ given: Snapshot) -> Snapshot {
        var snapshot = given
        var link = Entities.Link(start: 1, end: 3, short: "https://t.co/a")
        (link.expanded, link.display, link.unwound, link.title) = (
            "https://a.example/", "a.example", "https://b/", "T"
        )
        snapshot.post.entities.urls = [link]
        snapshot.post.entities.mentions = [
            Entities.Mention(start: 0, end: 2, handle: "eve", user: UserID(11))
        ]
        snapshot.post.entities.hashtags = ["tag"]
        snapshot.post.entities.cashtags = ["CASH"]
        snapshot.post.longText = Post.LongText(text: "long", entities: snapshot.post.entities)
        snapshot.post.editing = Post.EditControls(
            remaining: 3, isEligible: true, editableUntil: 1_600_000_000_000)
        var metrics = Post.Metrics()
        (metrics.likes, metrics.reposts, metrics.bookmarks) = (1, 2, 3)
        snapshot.post.metrics = metrics
        snapshot.post.withheld = Post.Withholding(isForCopyright: true, countries: ["DE"])
        (snapshot.post.language, snapshot.post.source, snapshot.post.isSensitive) = ("de", "web", true)
        snapshot.post.replySettings = "everyone"
        snapshot.post.inReplyTo = UserID(11)
        snapshot.post.references = [
            Post.Reference(.quoted, PostID(3)), Post.Reference(.repliedTo, PostID(4)),
        ]
        snapshot.post.mediaKeys = ["7_1"]
        snapshot.post.polls = ["9"]
        var medium = Media(key: "7_1", type: "video")
        (medium.width, medium.height, medium.duration) = (10, 20, 30)
        (medium.preview, medium.alternativeText) = ("https://pbs.twimg.com/p.jpg", "alt")
        medium.variants = [
            Media.Variant(contentType: "video/mp4", url: "https://video.twimg.com/v.mp4", bitRate: 5)
        ]
        snapshot.media = [medium]
        var poll = Poll(id: "9")
        poll.options = [Poll.Option(position: 1, label: "yes", votes: 2)]
        (poll.minutes, poll.end, poll.isOpen) = (5, 1_600_000_000_000, false)
        snapshot.polls = [poll]
        snapshot.referenced = [ReadPost.fixture(3, by: 11, text: "quoted").snapshot]
        return snapshot
    }
}

extension NIOLock {
    /// A count that many share.
    final class Box: Sendable {
        private let value: NIOLockedValueBox<Int>
        init(_ start: Int) { value = NIOLockedValueBox(start) }
        func next() -> Int {
            value.withLockedValue {
                $0 += 1; return $0
            }
        }
    }
}
