// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import TweetCore

/// Posts that nobody would write, from a seed.
struct RandomPosts {
    var rng: SplitMix64

    init(seed: UInt64) { rng = SplitMix64(seed: seed) }

    private static let people = [Cast.alice, Cast.bob, Cast.bobby, Cast.carol, Cast.dave]
    private static let words = [
        "word", " ", " ", "\n", "@bob", "@bobby", "@", "＠bob", "#tag", "&amp;", "&amp;lt;", "&#x1F600;", "&",
        "&#0;",
        "https://t.co/a", "https://t.co/ab", "https://t.co/b", "https://t.co/", "👩‍👩‍👧‍👦", "🏳️‍🌈", "\u{301}",
        "\u{200D}",
        "שלום", "\u{202E}", "日本", "\0", "\u{FEFF}", "RT @dave: ", "]( ", "\r\n", "nostr:npub1",
        "@alice@example.com",
    ]
    private static let links = [
        "https://example.com/a", "https://example.com/@bob?x=https://t.co/a", "http://", "https://a b", "",
        "javascript:1",
        "https://x.com/bob/status/2083157188011884544",
        "https://twitter.com/i/status/2083157192306851840/photo/1",
        "https://x.com/status", String(repeating: "https://", count: 400),
    ]

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &rng) == 0 }
    private mutating func one<T>(of list: [T]) -> T { list[Int.random(in: 0..<list.count, using: &rng)] }
    private mutating func text(_ most: Int) -> String {
        (0..<Int.random(in: 0...most, using: &rng)).map { _ in one(of: Self.words) }.joined()
    }

    mutating func snapshot(depth: Int = 2) -> Snapshot {
        var post = Post(id: Cast.postID(UInt64.random(in: 1...5, using: &rng)), text: text(30))
        let author = one(of: Self.people)
        post.author = author.id
        post.entities = entities()
        if chance(4) { post.longText = .init(text: text(80), entities: entities()) }
        post.isSensitive = chance(5)
        post.language = one(of: ["en", "in", "und", "zh-CN", "", "é!"])
        post.conversation = chance(2) ? Cast.postID(UInt64.random(in: 1...5, using: &rng)) : nil
        if chance(3) { post.inReplyTo = one(of: Self.people).id }
        var snapshot = Snapshot(post)
        snapshot.author = chance(5) ? nil : author
        snapshot.media = (0..<Int.random(in: 0...3, using: &rng)).map { _ in media() }
        if chance(6) {
            var poll = Poll(id: "1")
            poll.options = (1...3).map { .init(position: $0, label: text(3), votes: $0) }
            poll.isOpen = chance(2)
            snapshot.polls = [poll]
        }
        for kind in [Post.Reference.Kind.repliedTo, .quoted, .retweeted] where chance(3) {
            guard depth > 0 else { break }
            let other = self.snapshot(depth: depth - 1)
            snapshot.post.references.append(.init(kind, other.post.id))
            if chance(2) { snapshot.referenced.append(other) }
        }
        return snapshot
    }

    private mutating func entities() -> Entities {
        var entities = Entities()
        for _ in 0..<Int.random(in: 0...5, using: &rng) {
            var link = Entities.Link(
                start: Int.random(in: -9...99, using: &rng), end: .max,
                short: one(of: ["https://t.co/a", "https://t.co/ab", "https://t.co/b", "", "@bob", "\0"]))
            if chance(2) { link.unwound = one(of: Self.links) }
            if !chance(5) { link.expanded = one(of: Self.links) }
            if chance(3) { link.mediaKey = one(of: ["3_1", "3_2", "7_3"]) }
            link.display = chance(2) ? nil : one(of: ["pic.twitter.com/x", "[a](b)"])
            entities.urls.append(link)
        }
        for _ in 0..<Int.random(in: 0...4, using: &rng) {
            let user = one(of: Self.people)
            let handle = chance(6) ? one(of: ["", "é", "bob"]) : user.handle
            entities.mentions.append(.init(start: 0, end: 0, handle: handle, user: chance(4) ? nil : user.id))
        }
        entities.hashtags = (0..<Int.random(in: 0...3, using: &rng)).map { _ in
            one(of: ["Tag", "tag", "ÉTÉ", "", "日本"])
        }
        return entities
    }

    private mutating func media() -> Media {
        let key = one(of: ["3_1", "3_2", "7_3"])
        var media = Media(key: key, type: one(of: ["photo", "video", "animated_gif", "other"]))
        if chance(2) { media.url = one(of: Self.links + ["https://pbs.twimg.com/media/\(key).jpg"]) }
        if chance(2) { media.preview = one(of: Self.links) }
        (media.width, media.height) = (Int.random(in: -1...9, using: &rng), chance(2) ? nil : 7)
        media.duration = chance(2) ? nil : Int.random(in: -1...99_999, using: &rng)
        media.alternativeText = chance(2) ? nil : text(5)
        if chance(2) {
            media.variants = (0..<3).map { _ in
                .init(
                    contentType: one(of: ["video/mp4", "x"]), url: one(of: Self.links),
                    bitRate: chance(2) ? nil : 5)
            }
        }
        return media
    }

    mutating func resolution() throws -> Resolution {
        var resolution = Resolution()
        for user in Self.people where !chance(3) { resolution.keys[user.id] = Cast.key(user) }
        for number in UInt64(1)...5 where chance(2) {
            try resolution.mirror(.fixture(number, "Mirrored", by: one(of: Self.people)))
        }
        for key in ["3_1", "7_3"] where chance(2) {
            resolution.copies[key] = (0..<2).map { _ in MediaCopy(url: one(of: Self.links), sha256: "x") }
        }
        return resolution
    }
}

extension Entities {
    /// The same in another order.
    mutating func shuffle(using rng: inout SplitMix64) {
        urls.shuffle(using: &rng)
        mentions.shuffle(using: &rng)
        hashtags.shuffle(using: &rng)
    }
}

extension Snapshot {
    mutating func shuffleEntities(using rng: inout SplitMix64) {
        post.entities.shuffle(using: &rng)
        post.longText?.entities.shuffle(using: &rng)
        for place in referenced.indices { referenced[place].shuffleEntities(using: &rng) }
    }
}
