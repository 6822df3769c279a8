// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

/// Who gets in, and who does not.
@Suite struct SigningInTests {
    @Test func `who shows a token is signed in where they wanted to be, until they sign out`() async throws {
        try await ModerationScene.run { scene async throws in
            try await scene.post()
            let browser = scene.browser()
            let asked = try await browser.get("/moderation/items/1")
            #expect(asked.status == 401 && asked.text.contains("name=\"to\" value=\"/moderation/items/1\""))
            #expect(!asked.text.contains("hello"))
            let answer = try await browser.post(
                "/moderation/sign-in", ["token": ModerationScene.token("ann"), "to": "/moderation/items/1"],
                isForged: true)
            #expect(answer.status == 303 && answer.headers["location"] == "/moderation/items/1")
            let cookie = try #require(answer.headers["set-cookie"])
            for part in ["; Path=/moderation;", "; HttpOnly", "; SameSite=Strict", "; Max-Age=43200"] {
                #expect(cookie.contains(part), "\(cookie)")
            }
            #expect(!cookie.contains("Secure"))
            #expect(try await browser.get("/moderation/items/1").text.contains("hello"))
            #expect(try await browser.get("/moderation/sign-in").status == 303)
            #expect(try await browser.post("/moderation/sign-out", [:]).status == 303)
            #expect(try await browser.get("/moderation").status == 401)
            #expect(scene.news.withLockedValue { $0 } == [.signedIn("ann")])
        }
    }

    @Test func `over HTTPS the cookie never goes another way`() async throws {
        try await ModerationScene.run { scene async throws in
            let answer = try await scene.browser().post(
                "/moderation/sign-in", ["token": ModerationScene.token("ann")], isForged: true,
                headers: ["Sec-Fetch-Site": "same-origin", "Origin": "https://relay.test"])
            #expect(answer.headers["set-cookie"]?.hasSuffix("; Secure") == true)
        }
    }

    @Test func `a key signs in by its signature, moderators' keys alone`() async throws {
        try await ModerationScene.run { scene async throws in
            let browser = scene.browser()
            let refused = try await browser.post(
                "/moderation/sign-in", [:], isForged: true, headers: ["Authorization": "Nostr 99"])
            #expect(refused.status == 401 && refused.text.contains("a stranger"))
            let answer = try await browser.post(
                "/moderation/sign-in", [:], isForged: true, headers: ["Authorization": "Nostr 2"])
            #expect(answer.status == 204 && answer.headers["set-cookie"] != nil)
            #expect(try await browser.get("/moderation").text.contains("ann <small>moderator"))
        }
    }

    @Test(arguments: ["", "x", "ann", "ann-secret-tokeN", String(repeating: "a", count: 201), "'; DROP"])
    func `a wrong token signs nobody in`(token: String) async throws {
        try await ModerationScene.run { scene async throws in
            let browser = scene.browser()
            let answer = try await browser.post("/moderation/sign-in", ["token": token], isForged: true)
            #expect(answer.status == 401 && answer.headers["set-cookie"] == nil)
            #expect(answer.text.contains("signs nobody in") && !answer.text.contains("DROP"))
        }
    }

    @Test(arguments: [
        "https://evil.test/", "//evil.test", "/moderation/../x", "javascript:alert(1)",
        "/moderation/sign-out", "/metrics",
        "/moderation\"><script>",
    ])
    func `nobody is led elsewhere by signing in`(target: String) async throws {
        try await ModerationScene.run { scene async throws in
            let answer = try await scene.browser().post(
                "/moderation/sign-in", ["token": ModerationScene.token("ann"), "to": target], isForged: true)
            #expect(answer.headers["location"] == "/moderation")
        }
        #expect(ModerationServer.target("/moderation?state=held&x=%0d%0a") == "/moderation?state=held")
    }

    @Test func `after ten wrong tokens an address hears that it is too much; a true one still gets in`()
        async throws
    {
        try await ModerationScene.run { scene async throws in
            for attempt in 1...12 {
                let answer = try await scene.browser().post(
                    "/moderation/sign-in", ["token": "x"], isForged: true)
                #expect(answer.status == (attempt > 10 ? 429 : 401))
                if attempt > 10 { #expect(answer.headers["retry-after"] == "601") }
            }
            #expect(scene.news.withLockedValue { $0.count } == 10, "the log is not filled")
            _ = try await scene.browser(of: "ann")
            scene.world.pass(600_001)
            let later = try await scene.browser().post("/moderation/sign-in", ["token": "x"], isForged: true)
            #expect(later.status == 401)
        }
    }

    @Test func `a session ends with its time, its token, its key, and its moderator`() async throws {
        try await ModerationScene.run { scene async throws in
            let ann = try await scene.browser(of: "ann")
            let bob = try await scene.browser(of: "bob")
            let eve = scene.browser()
            _ = try await eve.post(
                "/moderation/sign-in", [:], isForged: true, headers: ["Authorization": "Nostr 4"])
            let vic = try await scene.browser(of: "vic")
            var moderator = try #require(try scene.world.store.moderator("ann"))
            moderator.take(token: "another")
            try await scene.world.store.appoint(moderator)
            try await scene.world.store.dismiss("bob")
            moderator = try #require(try scene.world.store.moderator("eve"))
            moderator.take(token: nil)
            try await scene.world.store.appoint(moderator)
            #expect(try await ann.get("/moderation").status == 401)
            #expect(try await bob.get("/moderation").status == 401)
            #expect(try await eve.get("/moderation").status == 200, "she came with her key")
            scene.world.pass(ModerationLimits().sessions.idleTime)
            #expect(try await vic.get("/moderation").status == 401)
        }
    }

    @Test func `a page cannot be framed, kept, or made to load or run anything`() async throws {
        try await ModerationScene.run { scene async throws in
            let browser = try await scene.browser(of: "ann")
            for path in [
                "/moderation", "/moderation/items/9", "/moderation/sign-in", "/moderation/api/items",
            ] {
                let headers = try await browser.get(path).headers
                let policy = try #require(headers["content-security-policy"])
                #expect(policy.hasPrefix("default-src 'none';") && policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe") && !policy.contains("*"))
                #expect(headers["cache-control"] == "no-store" && headers["x-frame-options"] == "DENY")
                #expect(headers["x-content-type-options"] == "nosniff")
                #expect(headers["referrer-policy"] == "same-origin")
            }
            for path in ["/moderation/style.css", "/moderation/script.js"] {
                #expect(try await scene.browser().get(path).status == 200)
            }
        }
    }
}
