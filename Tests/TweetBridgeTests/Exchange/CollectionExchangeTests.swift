// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct CollectionExchangeTests {
    private func dump() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        try directory.write(
            #"""
            [{"_id":{"$oid":"1"},"id":"10","username":"bob","name":"Bob","raw":{"id":"10","username":"bob","name":"Bob","description":"hi"}},
            {"_id":{"$oid":"2"},"id":"11","username":"eve","name":"Eve"}]
            """#, to: "X_users.json")
        try directory.write(
            #"""
            {"media_key":"3_1","type":"photo","url":"https://pbs.twimg.com/a.jpg","download":{"status":"ok"}}
            {"media_key":"","type":"photo"}
            """#, to: "tracker.X_media.jsonl")
        try directory.write(
            #"""
            {"_id":{"$oid":"3"},"id":"100","author_id":"10","text":"one","created_at":{"$date":"2026-07-31T18:40:40Z"},"attachments":{"media_keys":["3_1"]},"raw":null}
            {"_id":{"$oid":"4"},"id":"101","author_id":"11","text":"two","referenced_tweets":[{"type":"quoted","id":"100"}]}
            {"_id":{"$oid":"5"},"id":"102","author_id":"11","text":"thr
            {"_id":{"$oid":"6"},"id":1.5,"author_id":"11","text":"four"}
            {"_id":{"$oid":"7"},"id":"103","author_id":"11","text":"five"}
            """#, to: "X_tweets.json")
        try directory.write(
            #"""
            {"key":"since_id:combined","value":"103","updated_at":{"$date":"2026-07-31T18:40:40Z"}}
            {"key":"since_id:combined:instance1","value":{"$numberLong":"99"}}
            {"key":"quote_checked:100","value":"2026-07-31T18:40:40Z"}
            {"key":"since_id:combined:instance2","value":"x"}
            {"key":"other","value":"1"}
            """#, to: "X_state.json")
        try directory.write(
            #"""
            {"username":"bob","user_id":"10","active":true}
            {"username":"eve","user_id":"11","active":false}
            """#, to: "X_tracked_handles.json")
        return directory
    }

    @Test func `the tracker's collections come in, joined`() async throws {
        let (world, directory) = (try BridgeWorld(), try dump())
        let report = try await BridgeImport(into: world.store).collections(directory.path)
        let places = report.problems.map(\.place)
        #expect(
            places == ["tracker.X_media.jsonl:2", "X_tweets.json:3", "X_tweets.json:4", "X_state.json:4"])
        #expect(report.damaged == 4 && report.ignored == 1)
        #expect(report[.posts] == 3 && report[.users] == 2 && report[.media] == 1)
        #expect(report[.accounts] == 2 && report[.values] == 1)
        let one = try #require(try world.store.post(PostID(100)))
        #expect(one.snapshot.author?.about == "hi")
        #expect(one.snapshot.media.map(\.key) == ["3_1"])
        #expect(try world.store.post(PostID(101))?.snapshot.referenced(.quoted)?.post.text == "one")
        #expect(try world.store.cursor(.search("combined")) == PostID(103))
        #expect(try world.store.cursor(.search("combined:instance1")) == PostID(99))
        #expect(try world.store.accounts().map(\.isActive) == [true, false])
        #expect(try world.store.remembered(.quoteChecked(PostID(100)))?.value == "2026-07-31T18:40:40Z")

        let rows = try world.rows()
        world.pass(1_000)
        let again = try await BridgeImport(into: world.store).collections(directory.path)
        #expect(again.done.isEmpty && again.damaged == 4)
        #expect(try world.rows() == rows)
    }

    @Test func `a cursor never goes back`() async throws {
        let (world, directory) = (try BridgeWorld(), try dump())
        _ = try await world.store.store([], cursor: CursorChange(.search("combined"), advance: PostID(500)))
        _ = try await BridgeImport(into: world.store).collections(directory.file("X_state.json"))
        #expect(try world.store.cursor(.search("combined")) == PostID(500))
    }

    @Test func `collections that are exported are imported as they were`() async throws {
        let world = try BridgeWorld()
        let given = try dump()
        _ = try await BridgeImport(into: world.store).collections(given.path)
        let full = ReadPost.fixture(2_083_157_183_716_917_248, text: "a") { $0 = .full($0) }
        _ = try await world.store.store([full])
        let directory = try TemporaryDirectory()
        let report = try BridgeExport(of: world.store).collections(into: directory.path)
        #expect(report[.posts] == 5 && report[.accounts] == 2 && report[.cursors] == 4)
        let line = try #require(try directory.read("X_tweets.jsonl").split(separator: "\n").last)
        for field in [
            "id", "author_id", "text", "created_at", "conversation_id", "in_reply_to_user_id",
            "referenced_tweets",
            "entities", "attachments", "lang", "source", "reply_settings", "public_metrics", "raw",
            "first_seen_at",
            "last_seen_at",
        ] {
            #expect(line.contains("\"\(field)\":"), "\(field)")
        }
        let other = try BridgeWorld()
        let back = try await BridgeImport(into: other.store).collections(directory.path)
        #expect(back.damaged == 0, "\(back.problems)")
        #expect(
            try other.store.posts(limit: 9).map(\.snapshot.post.text)
                == world.store.posts(limit: 9).map(\.snapshot.post.text))
        #expect(try other.store.cursor(.search("combined")) == PostID(103))
        #expect(try other.store.users(limit: 9).map(\.user) == world.store.users(limit: 9).map(\.user))
        #expect(
            try other.store.allMedia(limit: 9).map(\.media) == world.store.allMedia(limit: 9).map(\.media))
    }

    @Test func `a file that is no dump is said to be none`() async throws {
        let world = try BridgeWorld()
        let directory = try TemporaryDirectory()
        await #expect(throws: ExchangeError.nothing(directory.path)) {
            try await BridgeImport(into: world.store).collections(directory.path)
        }
    }

    @Test func `searches that were never read go on where the older system left its own`() async throws {
        let now: Int64 = 1_785_000_000_000
        let world = try BridgeWorld(at: now)
        let left = PostID.first(at: now - 86_400_000)
        _ = try await world.store.addAccount(User(id: UserID(1), handle: "ada", name: "Ada"))
        let scope = FetchScope.search(SearchShard.around([try #require(Handle("ada"))])[0].key)
        try await world.store.seedSearches(Set(SearchShard.Term.allCases), at: now)
        #expect(try world.store.cursor(scope) == nil)
        for (name, id) in [("combined", PostID(left.number + 5)), ("combined:instance1", left)] {
            _ = try await world.store.store([], cursor: CursorChange(.search(name), advance: id))
        }
        // X does not search as far back.
        try await world.store.seedSearches(Set(SearchShard.Term.allCases), at: now + 7 * 86_400_000)
        #expect(try world.store.cursor(scope) == nil)
        try await world.store.seedSearches(Set(SearchShard.Term.allCases), at: now)
        #expect(try world.store.cursor(scope) == left)
        // What was read meanwhile stays.
        let read = PostID(left.number + 9)
        _ = try await world.store.store([], cursor: CursorChange(scope, advance: read))
        try await world.store.seedSearches(Set(SearchShard.Term.allCases), at: now)
        #expect(try world.store.cursor(scope) == read)
    }
}
