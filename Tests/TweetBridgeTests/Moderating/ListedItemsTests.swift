// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

/// What is listed, page by page, and what an item's own page shows.
@Suite struct ListedItemsTests {
    /// The numbers of the items that a page shows, in its order.
    private func numbers(_ page: String) -> [Int] {
        page.split(separator: "/moderation/items/").dropFirst().compactMap { Int($0.prefix { $0 != "\"" }) }
    }

    private func next(_ page: String) -> String? {
        guard let link = page.firstRange(of: "<a rel=\"next\" href=\"") else { return nil }
        return String(page[link.upperBound...].prefix { $0 != "\"" }).replacing("&amp;", with: "&")
    }

    @Test func `every item is on exactly one page, what waits oldest first, what is settled newest first`()
        async throws
    {
        try await ModerationScene.run(limits: { $0.page = 10 }) { scene async throws in
            try await scene.post(25)
            let ann = try await scene.browser(of: "ann")
            for (state, expected) in [("pending", Array(1...25)), ("rejected", (1...25).reversed())] {
                var (path, seen, pages): (String?, [Int], Int) = ("/moderation?state=\(state)", [], 0)
                while let asked = path {
                    let page = try await ann.get(asked).text
                    seen += numbers(page)
                    path = next(page)
                    pages += 1
                }
                #expect(seen == expected && pages == 3, "\(state)")
                if state == "pending" {
                    for number: UInt64 in 1...25 {
                        try await scene.world.store.decide(
                            ModerationDecision(.reject, .item(number)), by: "ann", through: .web)
                    }
                }
            }
        }
    }

    @Test func `descending pages are whole whatever lies between`() async throws {
        try await ModerationScene.run { scene async throws in
            try await scene.post(40)
            for number: UInt64 in [3, 4, 17, 39] {
                try await scene.world.store.decide(
                    ModerationDecision(.reject, .item(number)), by: "ann", through: .web)
            }
            let tight = BridgeStore(
                store: scene.world.events, ingest: scene.world.ingest, now: { 0 },
                limits: {
                    var limits = BridgeStoreLimits()
                    limits.page = 3
                    return limits
                }())
            for store in [scene.world.store, tight] {
                #expect(try store.items(.rejected, before: nil, limit: 9).map(\.number) == [39, 17, 4, 3])
                #expect(try store.items(.rejected, before: 17, limit: 1).map(\.number) == [4])
                #expect(try store.items(.rejected, before: 3, limit: 9).isEmpty)
                let pending = Array((1...40).filter { ![3, 4, 17, 39].contains($0) }.reversed())
                #expect(try store.items(.pending, before: nil, limit: 99).map { Int($0.number) } == pending)
            }
            let trail = try scene.world.store.audit(limit: 99)
            #expect(try tight.audit(before: nil, limit: 99).isEmpty, "nothing has happened by its clock")
            var down: [AuditEntry] = []
            while case let more = try scene.world.store.audit(before: down.last, limit: 7), !more.isEmpty {
                down += more
            }
            #expect(down == trail.reversed() && down.count == 44)
            #expect(try tight.audit(before: trail.last, limit: 99) == trail.dropLast().reversed())
            #expect(try scene.world.store.count(.pending, upTo: 1_000) == 36)
            #expect(try scene.world.store.count(.pending, upTo: 10) == 10)
        }
    }

    @Test func `filters find by account, kind and rule, and say where to look on`() async throws {
        try await ModerationScene.run(limits: {
            $0.page = 5
            $0.scanned = 12
        }) { scene async throws in
            try await scene.post(20, by: 10)
            try await scene.post(2, from: 500, by: 11)
            try await scene.job("tweet", #"{"text":"to X"}"#, key: "k")
            let ann = try await scene.browser(of: "ann")
            var page = try await ann.get("/moderation?account=user11").text
            #expect(numbers(page).isEmpty && page.contains("Nothing here that fits."))
            page = try await ann.get(try #require(next(page))).text
            #expect(numbers(page) == [21, 22])
            #expect(numbers(try await ann.get("/moderation?account=nobody").text).isEmpty)
            #expect(numbers(try await ann.get("/moderation?rule=words&account=10").text) == [1, 2, 3, 4, 5])
            page = try await ann.get("/moderation?kind=job&after=15").text
            #expect(numbers(page) == [23] && page.contains("tweet"))
            #expect(page.contains("Pending <small>23</small>"))
        }
    }

    @Test func `hostile texts are words on the page and nothing else`() async throws {
        let evil = "<script>alert(1)</script>\u{202E}\" onload=x <img src=x> ' & \u{0} end"
        try await ModerationScene.run { scene async throws in
            try await scene.post(text: evil) { snapshot in
                snapshot.author?.handle = "<b>"
                var medium = Media(key: "3_1", type: "photo\"><script>")
                medium.url = "javascript:alert(2)"
                medium.alternativeText = evil
                snapshot.media = [medium]
                snapshot.post.mediaKeys = ["3_1"]
                snapshot.post.language = "\"><script>"
                snapshot.post.references = [.init(.quoted, PostID(5))]
            }
            try await scene.job(
                "tweet", #"{"text":"<script>x","media_ids":["<script>"],"reply_settings":"<script>"}"#,
                key: "k")
            try await scene.job("delete", #"{"id":"12"}"#, key: "l")
            try await scene.job("dm", "{}", key: "m")
            try await scene.job("<script>", "<script>", key: "n")
            let ann = try await scene.browser(of: "ann")
            for path in ["/moderation", "/moderation/trail", "/moderation?rule=%22%3E%3Cscript%3E"]
                + (1...5).map({ "/moderation/items/\($0)" })
            {
                let answer = try await ann.get(path)
                #expect(answer.status == 200, "\(path)")
                #expect(!answer.text.contains("<script"), "\(path)")
                for word in ["<img", "\u{202E}", "\u{0}", "href=\"javascript:"] {
                    #expect(!answer.text.contains(word), "\(path): \(word)")
                }
            }
            _ = try await scene.world.store.store(
                [], users: [.fixture(10, handle: "<b>" + String(repeating: "h", count: 100))])
            let page = try await ann.get("/moderation/items/1").text
            #expect(!page.contains(String(repeating: "h", count: 65)) && page.contains("@&lt;b&gt;hhh"))
            #expect(page.contains("U+202E") && page.contains("https://x.com/i/status/5"))
            #expect(try await ann.get("/moderation/items/3").text.contains("https://x.com/i/status/12"))
        }
    }

    @Test func `the trail is paged, and shows who did what`() async throws {
        try await ModerationScene.run(limits: { $0.page = 2 }) { scene async throws in
            try await scene.post(5)
            scene.world.pass(1)
            try await scene.world.store.decide(
                ModerationDecision(.hold, .item(2), reason: "look"), by: "bob", through: .commandLine)
            let ann = try await scene.browser(of: "ann")
            let first = try await ann.get("/moderation/trail").text
            let second = try await ann.get(try #require(next(first))).text
            #expect(numbers(first) + numbers(second) == [2, 5, 4, 3, 2, 1])
            #expect(first.contains("bob, by command") && first.contains("look"))
        }
    }
}
