// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct ActivityTests {
    /// A world with a stream that is open, and Ada's posts and deletions subscribed to.
    private func world() throws -> (XWorld, XUserID) {
        var (world, ada) = try XWorld.withAda()
        try world.subscribe(to: "post.create", of: ada, tag: "ada posts")
        try world.subscribe(to: "post.delete", of: ada)
        #expect(world.get("/2/activity/stream").status == 200)
        return (world, ada)
    }

    /// The events that wait to be written.
    private func events(_ world: inout XWorld) -> [JSON] {
        world.takeDeliveries().lines.compactMap { delivery in
            #expect(delivery.line.suffix(2) == [13, 10])
            #expect(delivery.line.dropLast(2).allSatisfy { $0 != 10 })
            return JSON(delivery.line)?["data"]
        }
    }

    @Test func `a post is told of with its author, and numbers come as text, too`() throws {
        var (world, ada) = try world()
        let id = try world.post("hello", by: ada)
        let event = try #require(events(&world).first)
        #expect(event["event_type"] == "post.create")
        #expect(event["filter"]?["user_id"]?.id == ada)
        #expect(event["tag"] == "ada posts")
        #expect(event["event_uuid"]?.string?.isEmpty == false)
        #expect(event["payload"]?["id"]?.id == id)
        #expect(event["payload"]?["author_id"]?.id == ada)
        #expect(event["payload"]?["public_metrics"]?["like_count"] == 0)
        #expect(event["payload"]?["public_metrics"]?["like_count_str"] == "0")
        #expect(event["includes"]?["users"]?[0]?["username"] == "ada")
    }

    @Test func `a deletion is told of with its author, wrapped`() throws {
        var (world, ada) = try world()
        let id = try world.post("hello", by: ada)
        _ = events(&world)
        try world.delete(id)
        let event = try #require(events(&world).first)
        #expect(event["event_type"] == "post.delete")
        #expect(
            event["payload"] == ["id": .id(id), "author_id": .id(ada)])
        #expect(event["includes"]?["users"]?[0]?["data"]?["username"] == "ada")
        #expect(event["tag"] == nil)
    }

    @Test func `changes of a profile are told of by what they change`() throws {
        var (world, ada) = try world()
        for event in ["bio", "handle", "url", "profile_picture"] {
            try world.subscribe(to: "profile.update.\(event)", of: ada)
        }
        try world.change(ada) { user in
            user.bio = "new"
            user.website = "https://example.org"
            user.location = "not subscribed to"
        }
        try world.rename(ada, to: "countess")
        let events = events(&world)
        #expect(
            events.map { $0["event_type"] } == [
                "profile.update.bio", "profile.update.url", "profile.update.handle",
            ])
        #expect(events[0]["payload"]?["after"] == "new")
        #expect(events[2]["payload"]?["before"] == "ada")
    }

    @Test func `nothing is told of protected accounts, nor while nobody listens`() throws {
        var (world, ada) = try world()
        try world.change(ada) { $0.isProtected = true }
        try world.delete(try world.post("secret", by: ada))
        #expect(events(&world).isEmpty)
        try world.change(ada) { $0.isProtected = false }
        world.dropStreams()
        try world.post("unheard", by: ada)
        #expect(events(&world).isEmpty)
        #expect(world.get("/2/activity/stream").status == 200)
        #expect(events(&world).isEmpty)
    }

    @Test func `two streams at once, no more, and each gets everything`() throws {
        var (world, ada) = try world()
        #expect(world.get("/2/activity/stream").status == 200)
        let third = world.get("/2/activity/stream")
        #expect(third.status == 429)
        #expect(third.json?["connection_issue"] == "TooManyConnections")
        try world.post("hello", by: ada)
        #expect(world.takeDeliveries().lines.map(\.streams.count) == [2])
        #expect(world.get("/2/activity/stream?backfill_minutes=5").problem == "client-forbidden")
    }

    @Test func `a fault lets a stream wait or fail, and leaves none behind`() throws {
        var (world, ada) = try world()
        try world.add(XFault(.status(503), path: "/2/activity"))
        #expect(world.get("/2/activity/stream").status == 503)
        try world.add(XFault(.reset(after: 0), path: "/2/activity", delay: .seconds(1)))
        let reply = world.get("/2/activity/stream")
        #expect(reply.delay == .seconds(1))
        #expect(world.openStreams == 2)
        world.sayOnStreams("{\"data\":")
        try world.post("hello", by: ada)
        let lines = world.takeDeliveries().lines
        #expect(lines.map { JSON($0.line) != nil } == [false, true])
    }

    @Test func `events can be doubled and lost`() throws {
        var (world, ada) = try world()
        world.doubleEvents(1)
        try world.post("one", by: ada)
        try world.post("two", by: ada)
        let three = events(&world)
        #expect(three.count == 3)
        #expect(three[0]["event_uuid"] == three[1]["event_uuid"])
        #expect(three[1]["event_uuid"] != three[2]["event_uuid"])
        world.loseEvents(1)
        try world.post("three", by: ada)
        let kept = try world.post("four", by: ada)
        #expect(events(&world).map { $0["payload"]?["id"]?.id } == [kept])
    }

    @Test func `a post that is delivered is billed like one that is read, a deletion only if it is set so`()
        throws
    {
        var (world, ada) = try world()
        let first = try world.post("one", by: ada)
        #expect(world.spend.total == 5_000)
        _ = world.get("/2/tweets/\(first)")
        #expect(world.spend.total == 5_000)
        try world.delete(first)
        #expect(world.spend.total == 5_000)
        world.settings.money.billsDeleteEvents = true
        world.advance(by: .seconds(86_400))
        try world.delete(try world.post("two", by: ada))
        #expect(world.spend.total == 10_000)
        world.dropStreams()
        try world.post("three", by: ada)
        #expect(world.spend.total == 10_000)
    }

    @Test func `subscriptions are made, listed, changed and ended`() throws {
        var (world, ada) = try XWorld.withAda()
        let body: JSON = ["event_type": "post.create", "filter": ["user_id": .id(ada)], "tag": "x"]
        let made = world.send("POST", "/2/activity/subscriptions", body)
        #expect(made.status == 200)
        let id = try #require(made.data?["subscription"]?["subscription_id"]?.string)
        #expect(world.send("POST", "/2/activity/subscriptions", body).status == 409)
        #expect(world.get("/2/activity/subscriptions").data?[0]?["filter"]?["user_id"]?.id == ada)
        let changed = world.send("PUT", "/2/activity/subscriptions/\(id)", ["tag": "y"])
        #expect(changed.data?["subscription"]?["tag"] == "y")
        #expect(changed.data?["total_subscriptions"] == 1)
        #expect(world.send("DELETE", "/2/activity/subscriptions/\(id)").data?["deleted"] == true)
        #expect(world.send("DELETE", "/2/activity/subscriptions/\(id)").status == 404)
        #expect(world.get("/2/activity/subscriptions").json?["meta"]?["result_count"] == 0)
        let again =
            world.send("POST", "/2/activity/subscriptions", body).data?["subscription"]?["subscription_id"]?
            .string ?? ""
        let many = world.send("DELETE", "/2/activity/subscriptions?ids=\(again),1")
        #expect(many.data?[0]?["deleted"] == true)
        #expect(many.json?["errors"]?[0]?["subscription_id"] == "1")
    }

    @Test func `what others do to an account needs its consent`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let token = try world.grant(ada).access
        let events = ["post.mention.create", "post.reply.create", "post.quote.create", "post.repost.create"]
        for event in events {
            let body: JSON = ["event_type": .text(event), "filter": ["user_id": .id(ada)]]
            #expect(world.send("POST", "/2/activity/subscriptions", body).status == 403)
            #expect(world.send("POST", "/2/activity/subscriptions", body, as: token).status == 200)
        }
        _ = world.get("/2/activity/stream")
        let root = try world.post("root", by: ada)
        try world.post("@ada hi", by: bob)
        try world.post(XDraft("re", inReplyTo: root), by: bob)
        try world.post(XDraft("qu", quoting: root), by: bob)
        try world.repost(root, by: bob)
        #expect(
            self.events(&world).map { $0["event_type"]?.string }
                == [events[0], events[0], events[1], events[2], events[3]])
    }

    @Test func `subscriptions that make no sense are refused, and there is a limit`() throws {
        var limits = XStandInLimits()
        limits.subscriptions = 1
        var (world, ada) = try XWorld.withAda(limits: limits)
        for body in [
            ["event_type": "made.up", "filter": ["user_id": .id(ada)]], ["event_type": "post.create"],
            ["event_type": "post.create", "filter": ["user_id": "1"]],
        ] as [JSON] {
            #expect(world.send("POST", "/2/activity/subscriptions", body).status == 400)
        }
        for (event, status) in [("post.create", 200), ("post.delete", 403)] {
            let body: JSON = ["event_type": .text(event), "filter": ["user_id": .id(ada)]]
            #expect(world.send("POST", "/2/activity/subscriptions", body).status == status)
        }
    }
}
