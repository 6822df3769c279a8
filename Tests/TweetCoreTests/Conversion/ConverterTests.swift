// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing
import TweetCore

/// What earlier bridges got wrong, and what a function owes its callers.
@Suite struct ConverterTests {
    private let converter = Converter(Cast.settings)

    private func event(
        _ snapshot: Snapshot, _ resolution: Resolution = Cast.resolution, by author: User = Cast.alice
    ) throws -> UnsignedEvent {
        try #require(try converter.draft(of: snapshot, by: Cast.key(author), with: resolution)).event
    }

    @Test func `a post without an author is signed by nobody`() {
        let orphan = Snapshot.fixture("Whose?") { ($0.post.author, $0.author) = (nil, nil) }
        #expect(throws: ConversionError.authorUnknown) { try event(orphan) }
    }

    @Test func `a post without any date has no event`() {
        var post = Post(id: PostID(20), text: "just setting up my twttr")
        post.author = PostAuthor.jack
        #expect(throws: ConversionError.timeUnknown) { try event(Snapshot(post)) }
        post.createdAt = 1_142_974_214_000
        #expect(throws: Never.self) { try event(Snapshot(post)) }
        post.createdAt = -1
        #expect(throws: ConversionError.timeUnknown) { try event(Snapshot(post)) }
    }

    private enum PostAuthor { static let jack = UserID(12) }

    @Test func `the time is that of the post, in whole seconds`() throws {
        let read = Snapshot.fixture("x") { $0.post.createdAt = 1_785_498_351_999 }
        #expect(try event(read).createdAt == Timestamp(1_785_498_351))
        let unread = Snapshot.fixture("x") { $0.post.createdAt = nil }
        #expect(try event(unread).createdAt.seconds == Cast.postID(1).milliseconds / 1_000)
    }

    @Test func `a mention is that of an account, whatever its handle is taken for`() throws {
        // The handle belongs to somebody else by now: the number in the entity decides.
        let snapshot = Snapshot.fixture("@bobby hello @bob") {
            $0.mention(Cast.carol, as: "bob")
        }
        let event = try event(snapshot)
        #expect(event.content == "@bobby hello nostr:\(Cast.key(Cast.carol).npub)")
        #expect(people(event) == [Cast.key(Cast.carol).hex])
    }

    @Test func `what else is known changes nothing`() throws {
        let snapshot = Snapshot.fixture("@bob @dave https://t.co/p") {
            $0.mention(Cast.bob)
            $0.mention(Cast.dave)
            $0.photo("3_1", "A", link: "https://t.co/p")
        }
        var more = Cast.resolution
        more.keys[Cast.bobby.id] = Cast.key(Cast.bobby)
        more.copies["3_2"] = [MediaCopy(url: "https://example.com/2.jpg")]
        try more.mirror(Snapshot.fixture(9, "Another"))
        #expect(try event(snapshot, more).id == event(snapshot).id)
    }

    @Test func `offsets are not looked at`() throws {
        let plain = Snapshot.fixture("👩‍👩‍👧‍👦 @bob https://t.co/l") {
            $0.mention(Cast.bob)
            $0.link("https://t.co/l", to: "https://example.com/")
        }
        var odd = plain
        odd.post.entities.mentions[0].start = .max
        odd.post.entities.mentions[0].end = -7
        odd.post.entities.urls[0].start = .min
        odd.post.entities.urls[0].end = .max
        #expect(try event(odd).id == event(plain).id)
    }

    @Test func `every person is tagged once and there is no Markdown`() throws {
        let quoted = Snapshot.fixture(1, "Quoted", by: Cast.bob)
        var resolution = Cast.resolution
        try resolution.mirror(quoted)
        let snapshot = Snapshot.fixture(2, "@bob @BOB https://t.co/l @alice") {
            $0.mention(Cast.bob)
            $0.mention(Cast.alice)
            $0.link("https://t.co/l", to: "https://example.com/", display: "example.com")
            $0.refer(.repliedTo, to: quoted)
            $0.refer(.quoted, to: quoted)
        }
        let event = try event(snapshot, resolution)
        #expect(people(event) == [Cast.key(Cast.bob).hex])
        #expect(event.content.contains("https://example.com/") && !event.content.contains("]("))
    }

    @Test func `an event tags at most a hundred people, each of fifty hashtags once`() throws {
        var resolution = Cast.resolution
        var snapshot = Snapshot.fixture("")
        for number in UInt64(1)...150 {
            let user = User(id: UserID(number), handle: "user\(number)", name: "")
            resolution.keys[user.id] = PublicKey(SHA256.digest(Array(user.handle.utf8)))
            snapshot.mention(user)
            snapshot.post.text += "@user1 @user\(number) "
            snapshot.post.entities.hashtags += ["a\(number)", "A\(number)"]
        }
        let event = try event(snapshot, resolution)
        #expect(Set(people(event)).count == 100 && people(event).count == 100)
        #expect(event.tags.filter { $0.name == "t" }.count == 50)
    }

    @Test func `an embedded event is the very one that was signed`() throws {
        let target = Snapshot.fixture(1, "\"Quoted\" \\ 👍\u{7}\n", by: Cast.bob)
        var resolution = Cast.resolution
        try resolution.mirror(target)
        let repost = try event(.fixture(2, "RT @bob: …") { $0.refer(.retweeted, to: target) }, resolution)
        let embedded = try Event.parse(Array(repost.content.utf8)).event
        #expect(embedded.id == resolution.events[target.post.id]?.id)
        #expect(embedded.hasTrueID() && embedded.hasTrueSignature(using: Verifier()))
        #expect(repost.tags.first == ["e", TagValue(embedded.id.hex), TagValue(Cast.relay)])
    }

    @Test func `an event of which no relay is known is looked for at ours`() throws {
        let target = Snapshot.fixture(1, "x", by: Cast.bob)
        var resolution = Cast.resolution
        try resolution.mirror(target)
        resolution.events[target.post.id]?.relay = ""
        let repost = try event(.fixture(2, "RT @bob: x") { $0.refer(.retweeted, to: target) }, resolution)
        #expect(repost.tags[0].elements[2].string == Cast.relay)
    }

    @Test func `what a post needs is asked for once, in order`() {
        let quoted = Snapshot.fixture(1, "@carol_c", by: Cast.bob) {
            $0.mention(Cast.carol)
            $0.photo("3_9", "A", link: "https://t.co/p")
        }
        let needs = ConversionNeeds(
            of: .fixture(3, "@bob") {
                $0.mention(Cast.bob)
                $0.mention(Cast.dave, known: false)
                $0.photo("3_1", "B", link: "https://t.co/q")
                $0.refer(.quoted, to: quoted)
                $0.refer(.repliedTo, to: Cast.postID(2))
            })
        #expect(needs.posts == [Cast.postID(1), Cast.postID(2)])
        #expect(needs.users == [Cast.alice.id, Cast.bob.id, Cast.carol.id].sorted())
        #expect(needs.media == ["3_1", "3_9"])
    }

    private func people(_ event: UnsignedEvent) -> [String] {
        event.tags.filter { $0.name == "p" }.compactMap { $0.value?.string }
    }
}
