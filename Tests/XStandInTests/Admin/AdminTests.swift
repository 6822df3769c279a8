// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct AdminTests {
    @Test func `a person makes an account, posts, edits and deletes`() throws {
        var world = XWorld()
        let user = world.send(
            "POST", "/admin/users", ["username": "ada", "name": "Ada", "bio": "Maths"], as: nil)
        #expect(user.status == 200)
        let made = world.send("POST", "/admin/posts", ["user": "@ada", "text": "teh"], as: nil)
        let id = try #require(made.json?["id"]?.id)
        #expect(made.json?["url"] == .text("https://x.com/ada/status/\(id)"))
        let edited = try #require(
            world.send("POST", "/admin/edit", ["id": .text("\(id)"), "text": "the"], as: nil).json?["id"]?.id)
        #expect(world.posts[edited]?.text == "the")
        #expect(world.send("POST", "/admin/delete", ["id": .text("\(edited)")], as: nil).json?["ok"] == true)
        #expect(world.postCount == 0)
    }

    @Test func `a post takes all that a draft has`() throws {
        var (world, ada) = try XWorld.withAda()
        let root = try world.post("root", by: ada)
        let key = world.send("POST", "/admin/media", ["type": "video", "alt_text": "a film"], as: nil).json?[
            "media_key"]
        let body: JSON = [
            "user": .text("\(ada)"), "text": "all", "reply_to": .text("\(root)"), "quote": .text("\(root)"),
            "media": [key ?? .null], "poll": ["a", "b"], "poll_minutes": 10, "lang": "de", "sensitive": true,
            "withheld": ["DE"],
            "at": "2026-08-01T00:00:00Z",
        ]
        let id = try #require(world.send("POST", "/admin/posts", body, as: nil).json?["id"]?.id)
        let post = try #require(world.posts[id])
        #expect(post.references.map(\.kind) == [.repliedTo, .quoted])
        #expect(
            post.mediaKeys.count == 1 && post.poll?.minutes == 10 && post.language == "de" && post.isSensitive
        )
        #expect(post.withheld == XWithheld(countries: ["DE"]))
        #expect(post.createdAt.iso == "2026-08-01T00:00:00.000Z")
        #expect(Snowflake.instant(of: id) == post.createdAt)
    }

    @Test func `an account is changed, suspended, renamed and protected`() throws {
        var (world, ada) = try XWorld.withAda()
        _ = world.send(
            "POST", "/admin/users", ["username": "ada", "protected": true, "verified_type": "blue"], as: nil)
        #expect(world.users[ada]?.isProtected == true && world.users[ada]?.isVerified == true)
        _ = world.send(
            "POST", "/admin/users", ["username": "ada", "standing": "suspended", "rename_to": "lovelace"],
            as: nil)
        #expect(world.users[ada]?.standing == .suspended)
        #expect(world.users[ada]?.username == "lovelace")
        #expect(world.send("GET", "/admin/users", as: nil).json?["users"]?.items?.count == 1)
    }

    @Test func `media, metrics, votes, marks and reposts`() throws {
        var (world, ada) = try XWorld.withAda()
        let photo = world.send(
            "POST", "/admin/media", ["base64": "AAEC", "content_type": "image/webp"], as: nil
        ).json
        #expect(photo?["url"]?.string?.hasSuffix(".webp") == true)
        var draft = XDraft("which?")
        draft.pollOptions = ["a", "b"]
        let id = try world.post(draft, by: ada)
        let text = JSON.text("\(id)")
        #expect(world.send("POST", "/admin/metrics", ["id": text, "likes": 11], as: nil).status == 200)
        #expect(
            world.send("POST", "/admin/vote", ["id": text, "option": 1, "times": 3], as: nil).status == 200)
        #expect(world.send("POST", "/admin/mark", ["id": text, "sensitive": true], as: nil).status == 200)
        #expect(world.send("POST", "/admin/repost", ["id": text, "user": "ada"], as: nil).status == 200)
        let post = try #require(world.posts[id])
        #expect(post.metrics.likes == 11 && post.metrics.reposts == 1 && post.isSensitive)
        #expect(post.poll?.options[1].votes == 3)
    }

    @Test func `the clock is moved on, never back`() throws {
        var world = XWorld()
        #expect(
            world.send("POST", "/admin/clock", ["advance_seconds": 3_600], as: nil).json?["now"]
                == "2026-09-01T13:00:00.000Z")
        #expect(
            world.send("POST", "/admin/clock", ["to": "2026-09-02T00:00:00Z"], as: nil).json?["now"]
                == "2026-09-02T00:00:00.000Z")
        #expect(
            world.send("POST", "/admin/clock", ["to": "2020-01-01T00:00:00Z"], as: nil).json?["now"]
                == "2026-09-02T00:00:00.000Z")
        #expect(world.send("POST", "/admin/clock", ["advance_seconds": -1], as: nil).status == 400)
    }

    @Test func `tokens, budgets, faults, settings and the stream can be set`() throws {
        var (world, ada) = try XWorld.withAda()
        let tokens = world.send(
            "POST", "/admin/tokens", ["user": "ada", "scopes": "tweet.read tweet.write users.read"], as: nil
        ).json
        #expect(world.get("/2/users/me", as: tokens?["access_token"]?.string).status == 200)
        #expect(tokens?["refresh_token"] == .null)
        _ = world.send("POST", "/admin/expire", as: nil)
        #expect(world.get("/2/users/me", as: tokens?["access_token"]?.string).status == 401)
        _ = world.send("POST", "/admin/rates", ["route": "GET /2/users/:id", "remaining": 0], as: nil)
        #expect(world.get("/2/users/\(ada)").status == 429)
        _ = world.send("DELETE", "/admin/rates", as: nil)
        _ = world.send(
            "POST", "/admin/faults", ["effect": "html", "status": 502, "path": "/2/users"], as: nil)
        #expect(world.get("/2/users/\(ada)").status == 502)
        #expect(world.get("/2/users/\(ada)").status == 200)
        _ = world.send("POST", "/admin/faults", ["effect": "plain", "times": 0], as: nil)
        for _ in 0..<3 { #expect(world.get("/2/users/\(ada)").status == 503) }
        _ = world.send("DELETE", "/admin/faults", as: nil)
        let settings = world.send(
            "POST", "/admin/settings", ["vocabulary": "postOnly", "credits_micro_dollars": 5], as: nil)
        #expect(settings.json?["vocabulary"] == "postOnly")
        #expect(world.settings.credits == 5)
        _ = world.send("POST", "/admin/settings", ["credits_micro_dollars": .null], as: nil)
        #expect(world.settings.credits == nil)
        #expect(world.send("POST", "/admin/settings", ["made_up": 1], as: nil).status == 400)
        _ = world.get("/2/activity/stream")
        #expect(world.get("/admin/state", as: nil).json?["streams"] == 1)
        _ = world.send("POST", "/admin/stream", ["drop": true], as: nil)
        #expect(world.openStreams == 0)
    }

    @Test func `spending, requests and the state are told, and asking costs nothing`() throws {
        var (world, ada) = try XWorld.withAda()
        try world.post("hello", by: ada)
        _ = world.get("/2/users/\(ada)/tweets")
        let spend = world.get("/admin/spend", as: nil).json
        #expect(spend?["total_micro_dollars"] == 5_000)
        #expect(spend?["items"]?["post_read"]?["count"] == 1)
        #expect(spend?["days"]?["2026-09-01"] == 5_000)
        let seen = world.get("/admin/requests", as: nil).json
        #expect(seen?["requests"]?.items?.count == 1)
        #expect(seen?["requests"]?[0]?["billed_micro_dollars"] == 5_000)
        #expect(seen?["requests"]?[0]?["credential"] == "app")
        #expect(seen?["counts"]?["GET /2/users/:id/tweets"] == 1)
        #expect(world.requests.all.map(\.route) == ["GET /2/users/:id/tweets"])
        #expect(world.get("/admin/state", as: nil).json?["posts"] == 1)
        _ = world.send("DELETE", "/admin/requests", as: nil)
        #expect(world.requests.all.isEmpty)
        #expect(world.get("/admin", as: nil).json?["POST /admin/posts"] != nil)
    }

    @Test(
        arguments: [
            ("/admin/posts", "[]", 400), ("/admin/posts", "{", 400), ("/admin/posts", "{}", 400),
            ("/admin/posts", #"{"user":"nobody","text":"x"}"#, 422), ("/admin/delete", #"{"id":"1"}"#, 422),
            ("/admin/faults", #"{"effect":"magic"}"#, 400), ("/admin/nonsense", "{}", 404),
            ("/admin/media", #"{"type":"hologram"}"#, 400), ("/admin/users", "{}", 400),
            ("/admin/posts", #"{"user":"ada","text":"x","at":"2030-01-01T00:00:00Z"}"#, 400),
        ] as [(String, String, Int)])
    func `what makes no sense is refused with a sentence`(path: String, body: String, status: Int) throws {
        var (world, _) = try XWorld.withAda()
        let reply = world.answer(XRequest("POST", path, body: Array(body.utf8)))
        #expect(reply.status == status)
        #expect(reply.json?["error"]?.string?.isEmpty == false)
    }

    @Test func `the log and every other list forget their oldest`() throws {
        var limits = XStandInLimits()
        limits.loggedRequests = 3
        limits.links = 2
        limits.tokens = 2
        var (world, ada) = try XWorld.withAda(limits: limits)
        for number in 0..<5 { _ = world.get("/2/tweets/\(number + 1)") }
        #expect(world.requests.all.map(\.number) == [3, 4, 5])
        for number in 0..<3 { try world.post("https://example.org/\(number)", by: ada) }
        #expect(world.links.count == 2)
        let first = try world.grant(ada)
        for _ in 0..<2 { _ = try world.grant(ada) }
        #expect(world.get("/2/users/me", as: first.access).status == 401)
    }
}
