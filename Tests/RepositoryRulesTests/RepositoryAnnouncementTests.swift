// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import TestSupport
import Testing

@Suite struct RepositoryAnnouncementTests {
    static let service = ServiceAuthority("relay.example.com")!

    func read(_ tags: [Tag]) throws -> RepositoryAnnouncement {
        let event = Event.fixture(kind: .repositoryAnnouncement, tags: [.of("d", "x")] + tags)
        return try #require(RepositoryAnnouncement(event, for: Self.service))
    }

    @Test func `tags with several values and repeated tags are one list`() throws {
        let announcement = try read([
            .of("clone", "https://a.example/x.git", "https://b.example/x.git"),
            .of("relays", "wss://a.example", "wss://b.example/"),
            .of("clone", "ssh://c.example/x", "https://a.example/x.git"),
            .of("relays", "WSS://A.example:443", "ws://c.example"),
            .of("maintainers", TestKey.publicKey(1).hex),
            .of("maintainers", TestKey.publicKey(2).hex, TestKey.publicKey(1).hex),
        ])
        #expect(
            announcement.cloneURLs == [
                "https://a.example/x.git", "https://b.example/x.git", "ssh://c.example/x",
            ])
        #expect(
            announcement.relays.map(\.text)
                == (try ["wss://a.example", "wss://b.example", "ws://c.example"].map { try RelayURL($0).text })
        )
        #expect(announcement.maintainers == [TestKey.publicKey(1), TestKey.publicKey(2)])
        #expect(
            announcement.cloneRelays == [try RelayURL("wss://a.example"), try RelayURL("wss://b.example")])
    }

    @Test func `what is invalid is left out`() throws {
        let key = TestKey.publicKey(1).hex
        let announcement = try read([
            .of("relays", "relay.example.com", "", "ftp://a.example", "wss://good.example", "wss://"),
            .of(
                "maintainers", "npub1x", key.uppercased(), String(key.dropLast()), "",
                TestKey.publicKey(0).hex, key),
            .of("clone", ""), .of("clone"), .of("relays"), [],
        ])
        #expect(announcement.relays == [try RelayURL("wss://good.example")])
        #expect(announcement.maintainers == [TestKey.publicKey(1)])
        #expect(announcement.cloneURLs.isEmpty)
    }

    @Test func `at most twenty relays count`() throws {
        let urls = (0..<50).map { "wss://r\($0).example" }
        let announcement = try read([Tag(["relays"] + urls)])
        #expect(announcement.relays.map(\.host) == (0..<20).map { "r\($0).example" })
        #expect(announcement.namesMoreRelays)
        let twenty = Tag(["relays"] + urls.prefix(20) + ["no relay", urls[0]])
        #expect(try !read([twenty]).namesMoreRelays)
    }

    @Test(arguments: [0, 19, 20, 21, 200]) func `the service counts wherever it stands`(place: Int) throws {
        func among(_ others: [String], _ ours: String...) -> [String] {
            Array(others.prefix(place)) + ours + others.dropFirst(place)
        }
        let relays = among(
            (0..<300).map { "wss://r\($0).example" }, "wss://relay.example.com", "ws://relay.example.com")
        let clones = among((0..<300).map { "https://r\($0).example/x" }, "https://relay.example.com/x")
        var announcement = try read([Tag(["relays"] + relays), Tag(["clone"] + clones)])
        #expect(announcement.lists(Self.service))
        #expect(announcement.namesMoreRelays)
        #expect(announcement.relays.count <= RepositoryLimits.relays + 1)
        #expect(announcement.cloneURLs.count <= RepositoryLimits.cloneURLs + 1)
        announcement.trim(for: Self.service)
        #expect(announcement.lists(Self.service))
        #expect(
            try !read([Tag(["relays"] + relays.filter { !$0.hasSuffix(".com") }), Tag(["clone"] + clones)])
                .lists(Self.service))
    }

    @Test func `a relay beside one of too many clone URLs is told to be left out`() throws {
        func trimmed(_ clones: [String]) throws -> RepositoryAnnouncement {
            var announcement = try read([Tag(["clone"] + clones), .of("relays", "wss://g.example")])
            announcement.trim(for: Self.service)
            return announcement
        }
        let plain = (0..<30).map { "https://plain.example/\($0)" }
        let npub = "npub1" + String(repeating: "q", count: 58)
        func grasp(_ host: String) -> String { "https://\(host)/\(npub)/x.git" }
        #expect(try !trimmed(plain).namesMoreRelays)
        #expect(try !trimmed(plain + [grasp("g.example")]).namesMoreRelays, "its relay is named already")
        #expect(try trimmed(plain + [grasp("h.example")]).namesMoreRelays)
        #expect(try !trimmed([grasp("h.example")] + plain).namesMoreRelays)
    }

    @Test func `a URL that is too long is left out`() throws {
        let long = "https://a.example/" + String(repeating: "x", count: RepositoryLimits.urlBytes)
        let announcement = try read([
            .of("clone", long, "https://b.example"), .of("relays", "wss" + long.dropFirst(5)),
        ])
        #expect(announcement.cloneURLs == ["https://b.example"])
        #expect(announcement.relays.isEmpty)
    }

    @Test func `it is read from its own kind and needs an identifier`() {
        #expect(RepositoryAnnouncement(.fixture(kind: 30618, tags: [.of("d", "x")]), for: nil) == nil)
        #expect(RepositoryAnnouncement(.fixture(kind: 30617), for: nil) == nil)
        #expect(RepositoryAnnouncement(.fixture(kind: 30617, tags: [.of("d", "")]), for: nil) == nil)
    }

    @Test(arguments: ["a:b:c", "ключ/%2e/..", "🐦‍⬛", "30617:x:y"])
    func `an identifier is any text`(identifier: String) throws {
        let announcement = try #require(RepositoryAnnouncement(.announcement(identifier), for: nil))
        #expect(announcement.identifier == TagValue(identifier))
        #expect(EventAddress(announcement.address.text) == announcement.address)
    }

    @Test func `it lists a service only with both a clone URL and a relay`() throws {
        let clone = Tag.of("clone", "https://other.example/x", "https://relay.example.com/x")
        let relay = Tag.of("relays", "wss://other.example", "wss://relay.example.com")
        #expect(try read([clone, relay]).lists(Self.service))
        #expect(try !read([clone]).lists(Self.service))
        #expect(try !read([relay]).lists(Self.service))
        #expect(try !read([.of("relays", "https://relay.example.com.evil"), clone]).lists(Self.service))
        #expect(try !read([.of("web", "https://relay.example.com"), relay]).lists(Self.service))
    }

    @Test func `the newer one is in force and of equally new ones that with the lower id`() throws {
        let old = try #require(RepositoryAnnouncement(.announcement("x", at: 1), for: nil))
        let a = try #require(RepositoryAnnouncement(.announcement("x", at: 2), for: nil))
        let b = try #require(RepositoryAnnouncement(.announcement("x", at: 2, content: "other"), for: nil))
        #expect(a.supersedes(old) && !old.supersedes(a))
        #expect(a.supersedes(b) == (a.id < b.id) && b.supersedes(a) == (b.id < a.id))
    }
}
