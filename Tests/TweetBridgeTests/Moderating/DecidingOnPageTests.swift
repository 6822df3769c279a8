// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

/// Decisions by form, and forms that are none of ours.
@Suite struct DecidingOnPageTests {
    @Test func `one item is approved, and the next page says so once`() async throws {
        try await ModerationScene.run { scene async throws in
            try await scene.post()
            let ann = try await scene.browser(of: "ann")
            #expect(try await ann.get("/moderation/items/1").text.contains("value=\"approve\""))
            let answer = try await ann.post(
                "/moderation/decisions", ["item": "1.0", "verdict": "approve", "reason": "<b>fine</b>"])
            #expect(answer.status == 303 && answer.headers["location"] == "/moderation/items/1")
            let page = try await ann.get("/moderation/items/1").text
            #expect(page.contains("Approved #1.") && page.contains("&lt;b&gt;fine&lt;/b&gt;"))
            #expect(page.contains("ann, on the web"))
            #expect(try await !ann.get("/moderation/items/1").text.contains("Approved #1."))
            #expect(try scene.world.store.audit(of: 1).last?.actor == .moderator("ann", through: .web))
            #expect(try scene.world.store.todo(limit: 9).map(\.why) == [.new])
        }
    }

    @Test func `many are decided about at once, and one goes back to the list one came from`() async throws {
        try await ModerationScene.run { scene async throws in
            try await scene.post(3)
            let ann = try await scene.browser(of: "ann")
            _ = try await ann.get("/moderation?kind=post")
            let answer = try await ann.post(
                "/moderation/decisions",
                [
                    "item": "1.0", "item": "3.0", "verdict": "reject",
                    "back": "state=pending&kind=post&x=//evil",
                ])
            #expect(answer.headers["location"] == "/moderation?state=pending&kind=post")
            let page = try await ann.get("/moderation").text
            #expect(page.contains("Rejected 2 items.") && page.contains("hello 101"))
            #expect(try scene.world.store.items(.pending, limit: 9).map(\.number) == [2])
        }
    }

    @Test func `who comes second is told who was first, and nothing is changed`() async throws {
        try await ModerationScene.run { scene async throws in
            try await scene.post(2)
            let ann = try await scene.browser(of: "ann")
            let bob = try await scene.browser(of: "bob")
            _ = try await ann.get("/moderation/items/1")
            _ = try await bob.get("/moderation")
            _ = try await ann.post("/moderation/decisions", ["item": "1.0", "verdict": "hold"])
            var answer = try await bob.post("/moderation/decisions", ["item": "1.0", "verdict": "approve"])
            #expect(answer.status == 409)
            #expect(answer.text.contains("Item #1: ann, on the web, was first: held,"))
            answer = try await bob.post(
                "/moderation/decisions",
                ["item": "1.0", "item": "2.0", "verdict": "approve", "back": "state=pending"])
            #expect(
                answer.status == 409
                    && answer.text.contains("Approved #2. Item #1: ann, on the web, was first: held,"))
            #expect(
                try scene.world.store.item(1)?.state == .held && scene.world.store.item(2)?.state == .approved
            )
            answer = try await bob.post("/moderation/decisions", ["item": "1.1", "verdict": "approve"])
            #expect(answer.status == 303, "now he has seen it")
        }
    }

    @Test func `of two who decide at once one is too late`() async throws {
        try await ModerationScene.run { scene async throws in
            try await scene.post()
            let browsers = [try await scene.browser(of: "ann"), try await scene.browser(of: "bob")]
            for browser in browsers { _ = try await browser.get("/moderation") }
            let statuses = try await withThrowingTaskGroup { tasks in
                for (browser, verdict) in zip(browsers, ["approve", "reject"]) {
                    tasks.addTask {
                        try await browser.post("/moderation/decisions", ["item": "1.0", "verdict": verdict])
                            .status
                    }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [303, 409])
        }
    }

    @Test func `a viewer sees no buttons, and decides nothing without them`() async throws {
        try await ModerationScene.run { scene async throws in
            try await scene.post()
            let vic = try await scene.browser(of: "vic")
            for path in ["/moderation", "/moderation/items/1"] {
                let page = try await vic.get(path).text
                #expect(page.contains("hello") && !page.contains("verdict") && !page.contains("checkbox"))
            }
            let answer = try await vic.post("/moderation/decisions", ["item": "1.0", "verdict": "approve"])
            #expect(answer.status == 403 && answer.text.contains("vic may look and not decide"))
            #expect(try scene.world.store.item(1)?.state == .pending)
            #expect(try await vic.get("/moderation/moderators").status == 403)
            let eve = try await scene.browser(of: "eve")
            #expect(try await eve.get("/moderation/moderators").text.contains(TestKey.publicKey(1).npub))
        }
    }

    @Test func `a form of another page, of another session or of nobody decides nothing`() async throws {
        try await ModerationScene.run { scene async throws in
            try await scene.post()
            let ann = try await scene.browser(of: "ann")
            _ = try await ann.get("/moderation")
            let fields: KeyValuePairs = ["item": "1.0", "verdict": "approve"]
            for headers in [
                ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Origin": "null"],
                ["Origin": "https://evil.test"],
            ] {
                #expect(
                    try await ann.post("/moderation/decisions", fields, headers: headers).status == 403,
                    "\(headers)")
            }
            #expect(try await ann.post("/moderation/decisions", fields, isForged: true).status == 403)
            #expect(try await ann.post("/moderation/sign-out", [:], isForged: true).status == 403)
            let bob = try await scene.browser(of: "bob")
            bob.cookie.withLockedValue { cookie in cookie = ann.cookie.withLockedValue { $0 } }
            _ = try await bob.get("/moderation")
            let other = try await scene.browser(of: "bob")
            _ = try await other.get("/moderation")
            other.cookie.withLockedValue { cookie in cookie = ann.cookie.withLockedValue { $0 } }
            #expect(
                try await other.post("/moderation/decisions", fields).status == 403,
                "bob's form, ann's cookie")
            #expect(try await scene.browser().post("/moderation/decisions", fields).status == 401)
            let crossed = try await scene.browser().post(
                "/moderation/sign-in", ["token": ModerationScene.token("ann")], isForged: true,
                headers: ["Sec-Fetch-Site": "cross-site"])
            #expect(crossed.status == 403 && crossed.headers["set-cookie"] == nil)
            #expect(try scene.world.store.item(1)?.state == .pending)
        }
    }

    @Test(arguments: [
        "", "verdict=approve", "item=1.0", "item=1.0&verdict=explode", "item=x&verdict=approve",
        "item=1.0&item=&verdict=approve",
    ])
    func `a form that makes no sense decides nothing`(text: String) async throws {
        try await ModerationScene.run { scene async throws in
            try await scene.post()
            let ann = try await scene.browser(of: "ann")
            _ = try await ann.get("/moderation")
            let form = FormFields(text)
            let items = form.all("item").map { ("item", $0) }
            let verdicts = form.all("verdict").map { ("verdict", $0) }
            let answer = try await ann.post("/moderation/decisions", pairs(items + verdicts))
            #expect(answer.status == 400)
            #expect(try scene.world.store.item(1)?.state == .pending)
        }
    }

    private func pairs(_ list: [(String, String)]) -> KeyValuePairs<String, String> {
        switch list.count {
        case 0: [:]
        case 1: [list[0].0: list[0].1]
        case 2: [list[0].0: list[0].1, list[1].0: list[1].1]
        default: [list[0].0: list[0].1, list[1].0: list[1].1, list[2].0: list[2].1]
        }
    }

    @Test func `what does not exist is not there, and what is too long is not read`() async throws {
        try await ModerationScene.run { scene async throws in
            let ann = try await scene.browser(of: "ann")
            #expect(try await ann.get("/moderation/items/77").status == 404)
            _ = try await ann.get("/moderation")
            let missing = try await ann.post("/moderation/decisions", ["item": "77.0", "verdict": "approve"])
            #expect(missing.status == 404 && missing.text.contains("There is no item #77."))
            let long = try await ann.post(
                "/moderation/decisions",
                ["reason": String(repeating: "a", count: 70_000), "verdict": "approve"])
            #expect(long.status == 413)
            #expect(try await ann.get("/moderation/decisions").status == 405)
        }
    }
}
