// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct AbsenceTests {
    @Test func `posts that are there come with errors about those that are not`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let kept = try world.post("kept", by: ada)
        let deleted = try world.post("deleted", by: ada)
        let hidden = try world.post("hidden", by: bob)
        try world.delete(deleted)
        try world.change(bob) { $0.isProtected = true }
        let reply = world.get("/2/tweets?ids=\(kept),\(deleted),\(hidden)")
        #expect(reply.status == 200)
        #expect(reply.ids == [kept])
        let errors = try #require(reply.json?["errors"]?.items)
        #expect(errors[0]["title"] == "Not Found Error")
        #expect(errors[0]["detail"] == .text("Could not find tweet with ids: [\(deleted)]."))
        #expect(errors[0]["type"] == "https://api.twitter.com/2/problems/resource-not-found")
        #expect(errors[0]["resource_id"]?.id == deleted)
        #expect(errors[1]["title"] == "Authorization Error")
        #expect(
            errors[1]["detail"]
                == .text("Sorry, you are not authorized to see the Tweet with ids: [\(hidden)]."))
        #expect(errors[1]["type"] == "https://api.twitter.com/2/problems/not-authorized-for-resource")
        let tokens = try world.grant(bob)
        #expect(world.get("/2/tweets?ids=\(hidden)", as: tokens.access).ids == [hidden])
    }

    @Test func `one post that is not there is answered 200 with errors, or 404`() throws {
        var (world, _) = try XWorld.withAda()
        let reply = world.get("/2/tweets/1234")
        #expect(reply.status == 200)
        #expect(reply.json?.names == ["errors"])
        #expect(reply.json?["errors"]?[0]?["parameter"] == "id")
        #expect(reply.json?["errors"]?[0]?["detail"] == "Could not find tweet with id: [1234].")
        world.settings.notFoundStatus = 404
        #expect(world.get("/2/tweets/1234").status == 404)
        #expect(world.get("/2/tweets/abc").status == 400)
        #expect(world.get("/2/tweets?ids=" + (0..<101).map(String.init).joined(separator: ",")).status == 400)
    }

    @Test func `suspended and missing accounts differ in title and detail only`() throws {
        var (world, ada) = try XWorld.withAda()
        try world.setStanding(.suspended, of: ada)
        let reply = world.get("/2/users/by?usernames=ada,nobody")
        let errors = try #require(reply.json?["errors"]?.items)
        #expect(errors.map { $0["title"] } == ["Forbidden", "Not Found Error"])
        #expect(
            errors.map { $0["detail"] } == [
                "User has been suspended: [ada].", "Could not find user with usernames: [nobody].",
            ])
        #expect(Set(errors.map { $0["type"] }) == ["https://api.twitter.com/2/problems/resource-not-found"])
        try world.setStanding(.active, of: ada)
        #expect(world.get("/2/users/by?usernames=ADA").ids == [ada])
    }

    @Test func `posts of a suspended or deactivated account cannot be read, and come back with it`() throws {
        var (world, ada) = try XWorld.withAda()
        let id = try world.post("hello", by: ada)
        for standing in [XUser.Standing.suspended, .deactivated] {
            try world.setStanding(standing, of: ada)
            #expect(world.get("/2/tweets/\(id)").ids == [])
            let timeline = world.get("/2/users/\(ada)/tweets")
            #expect(timeline.status == 200)
            #expect(timeline.json?.names == ["errors"])
        }
        try world.setStanding(.active, of: ada)
        #expect(world.get("/2/users/\(ada)/tweets").ids == [id])
    }

    @Test func `a protected account's timeline is not for everyone`() throws {
        var (world, ada) = try XWorld.withAda()
        let id = try world.post("hello", by: ada)
        try world.change(ada) { $0.isProtected = true }
        let reply = world.get("/2/users/\(ada)/tweets")
        #expect(
            reply.json?["errors"]?[0]?["detail"]
                == .text("Sorry, you are not authorized to see the user with id: [\(ada)]."))
        #expect(world.get("/2/users/\(ada)?user.fields=protected").data?["protected"] == true)
        let tokens = try world.grant(ada)
        #expect(world.get("/2/users/\(ada)/tweets", as: tokens.access).ids == [id])
    }

    @Test func `a handle changes and is taken by somebody else`() throws {
        var (world, ada) = try XWorld.withAda()
        try world.rename(ada, to: "countess")
        #expect(world.get("/2/users/by/username/ada").ids == [])
        #expect(world.get("/2/users/by/username/countess").ids == [ada])
        let stranger = try world.addUser("ada")
        #expect(world.get("/2/users/by/username/ada").ids == [stranger])
        #expect(world.get("/2/users/\(ada)").data?["username"] == "countess")
        try world.setStanding(.deactivated, of: stranger)
        let third = try world.addUser("ada")
        #expect(world.get("/2/users/by/username/ada").ids == [third])
        #expect(throws: XRefusal.handleTaken) { try world.setStanding(.active, of: stranger) }
    }

    @Test func `what a post refers to and is gone stands under errors, in its section`() throws {
        var (world, ada) = try XWorld.withAda()
        let bob = try world.addUser("bob")
        let root = try world.post("root", by: ada)
        let quote = try world.post(XDraft("quote", quoting: root), by: bob)
        try world.delete(root)
        let target = "/2/users/\(bob)/tweets?expansions=referenced_tweets.id"
        let reply = world.get(target)
        #expect(reply.ids == [quote])
        let error = reply.json?["errors"]?[0]
        #expect(error?["parameter"] == "referenced_tweets.id")
        #expect(error?["section"] == "includes")
        #expect(error?["resource_id"]?.id == root)
        #expect(world.get("/2/users/\(bob)/tweets").json?["errors"] == nil)
    }

    @Test func `withheld and sensitive posts say so`() throws {
        var (world, ada) = try XWorld.withAda()
        var draft = XDraft("hello")
        draft.isSensitive = true
        draft.withheld = XWithheld(isCopyright: true, countries: ["DE", "FR"])
        let id = try world.post(draft, by: ada)
        let data = world.get("/2/tweets/\(id)?tweet.fields=possibly_sensitive,withheld").data
        #expect(data?["possibly_sensitive"] == true)
        #expect(
            data?["withheld"]
                == ["copyright": true, "country_codes": ["DE", "FR"], "scope": "tweet"])
        #expect(world.get("/2/tweets/\(id)").data?["withheld"] == nil)
    }

    @Test func `handles that cannot be are refused`() throws {
        var (world, _) = try XWorld.withAda()
        for handle in ["sixteen_letters_", "a-b", "a.b"] {
            let reply = world.get("/2/users/by?usernames=\(handle)")
            #expect(reply.status == 400)
            #expect(reply.message?.contains("^[A-Za-z0-9_]{1,15}$") == true)
        }
    }

    @Test func `what is no route is not found`() throws {
        var (world, _) = try XWorld.withAda()
        for target in ["/", "/2/nonsense", "/3/users/me"] { #expect(world.get(target).status == 404) }
        #expect(world.get("/2/openapi.json", as: nil).status == 200)
    }
}
