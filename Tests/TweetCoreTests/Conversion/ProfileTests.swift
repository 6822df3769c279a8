// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing
import TweetCore

@Suite struct ProfileTests {
    private let time = Timestamp(1_800_000_000)
    private let key = Cast.key(Cast.bob)

    private var converter: Converter {
        var settings = Cast.settings
        settings.nip05Domain = "x.example.com"
        return Converter(settings)
    }

    private var bob: User {
        var bob = User(id: Cast.bob.id, handle: "Bob_B", name: "Bob \"B\" &amp; co")
        bob.about = "Tea &amp; more: https://t.co/a, with @alice"
        var link = Entities.Link(start: 0, end: 0, short: "https://t.co/a")
        link.expanded = "https://example.com/tea"
        bob.aboutLinks = [link]
        bob.url = "https://t.co/w"
        link.short = "https://t.co/w"
        link.expanded = "https://bob.example.com/"
        bob.urlLinks = [link]
        bob.picture = "https://pbs.twimg.com/profile_images/1/x_normal_normal.jpg"
        bob.banner = "https://pbs.twimg.com/profile_banners/1/2"
        return bob
    }

    @Test func `a profile tells whose mirror it is`() {
        let draft = converter.profile(of: bob, by: key, at: time)
        let about =
            "Tea & more: https://example.com/tea, with @alice\\n\\nThis account mirrors https://x.com/Bob_B"
        #expect(
            draft.event.content
                == #"{"name":"Bob_B","display_name":"Bob \"B\" & co","about":"\#(about)","#
                + #""picture":"https://pbs.twimg.com/profile_images/1/x_normal.jpg","#
                + #""banner":"https://pbs.twimg.com/profile_banners/1/2","website":"https://bob.example.com/","#
                + #""nip05":"bob_b@x.example.com","bot":true}"#)
        #expect(draft.event.kind == .metadata && draft.event.createdAt == time)
        #expect(draft.event.tags == [["proxy", "https://x.com/i/user/2244994945", "web"]])
        #expect(draft.purpose == .profile(Cast.bob.id))
    }

    @Test func `what is not known is not told`() {
        let draft = Converter(Cast.settings).profile(
            of: User(id: UserID(1), handle: "a", name: ""), by: key, at: time)
        #expect(
            draft.event.content
                == #"{"name":"a","display_name":"a","about":"This account mirrors https://x.com/a","bot":true}"#
        )
    }

    @Test func `a profile is another one only when it says something else`() {
        let first = converter.profile(of: bob, by: key, at: time)
        let later = converter.profile(of: bob, by: key, at: time.advanced(by: 86_400))
        #expect(first.contentHash == later.contentHash && first.event.id != later.event.id)
        var renamed = bob
        renamed.name = "Robert"
        #expect(first.contentHash != converter.profile(of: renamed, by: key, at: time).contentHash)
        var liked = bob
        liked.metrics = .init()
        #expect(first.contentHash == converter.profile(of: liked, by: key, at: time).contentHash)
    }

    @Test func `lists name each relay and each server once`() throws {
        let relay = try RelayURL("wss://relay.example.com")
        let relays = converter.relayList(of: Cast.bob.id, by: key, relays: [relay, relay], at: time)
        #expect(relays.event.kind == .relayList)
        #expect(relays.event.tags == [["r", "wss://relay.example.com", "write"]])
        let servers = converter.mediaServerList(
            of: Cast.bob.id, by: key,
            servers: ["https://b.example.com", "https://a.example.com", "https://b.example.com"],
            at: time)
        #expect(servers.event.kind == 10_063)
        #expect(
            servers.event.tags == [
                ["server", "https://b.example.com"], ["server", "https://a.example.com"],
            ])
    }

    @Test func `a name leads to its key and to where that writes`() throws {
        let relay = try RelayURL("wss://relay.example.com")
        let document = NIP05Document.json(name: "bob_b", key: key, relays: [relay])
        #expect(
            String(decoding: document, as: UTF8.self)
                == #"{"names":{"bob_b":"\#(key.hex)"},"relays":{"\#(key.hex)":["wss://relay.example.com"]}}"#)
        #expect(
            String(decoding: NIP05Document.json(name: "nobody", key: nil, relays: [relay]), as: UTF8.self)
                == #"{"names":{}}"#)
        #expect(Converter(Cast.settings).nip05Name(of: bob) == nil)
    }

    @Test(arguments: [
        ("Painter #NoBridge", true), ("#nobot", true), ("#nobots welcome", false), (nil, false),
    ])
    func `who does not want to be mirrored may say so`(about: String?, declines: Bool) {
        var user = bob
        user.about = about
        #expect(user.declinesMirrors == declines)
    }
}
