// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

extension GoldenCase {
    static func reposts() throws -> [GoldenCase] {
        let target = Snapshot.fixture(1, "Good \"news\"\n&amp; more https://t.co/p", by: Cast.bob) {
            $0.photo("3_1", "NEWS", link: "https://t.co/p", alt: "News")
        }
        let repost = Snapshot.fixture(2, "RT @bob: Good \"news\"\n&amp; mo…") {
            $0.mention(Cast.bob)
            $0.refer(.retweeted, to: target)
        }
        let stranger = Snapshot.fixture(3, "Of a stranger, with @bob", by: Cast.dave) { $0.mention(Cast.bob) }
        var known = Cast.resolution
        try known.mirror(target)
        var other = known
        other.events[target.post.id]?.kind = 20
        other.events[target.post.id]?.json = nil
        var asQuotes = Cast.settings
        asQuotes.reposts = .asQuotes
        var leftOut = Cast.settings
        leftOut.reposts = .leftOut
        return [
            GoldenCase(name: "repost", snapshot: repost, resolution: known),
            GoldenCase(name: "repost-of-other-kind", snapshot: repost, resolution: other),
            GoldenCase(name: "repost-as-quote", snapshot: repost, resolution: known, settings: asQuotes),
            GoldenCase(name: "repost-left-out", snapshot: repost, resolution: known, settings: leftOut),
            GoldenCase(name: "repost-of-unmirrored", snapshot: repost),
            GoldenCase(
                name: "repost-of-stranger",
                snapshot: .fixture(4, "RT @dave: Of a stranger, with @bob") {
                    $0.mention(Cast.dave)
                    $0.mention(Cast.bob)
                    $0.refer(.retweeted, to: stranger)
                }),
            GoldenCase(
                name: "repost-of-unread",
                snapshot: .fixture(4, "RT @dave: Of a stranger: not…") {
                    $0.mention(Cast.dave)
                    $0.refer(.retweeted, to: stranger.post.id)
                }),
        ]
    }

    static func edits() throws -> [GoldenCase] {
        let first = Snapshot.fixture(1, "Teh first")
        let second = Snapshot.fixture(2, "The first") { $0.post.versions = [first.post.id, $0.post.id] }
        var resolution = Cast.resolution
        try resolution.mirror(first)
        let older = resolution.events[first.post.id].map { [$0] } ?? []
        return [GoldenCase(name: "edited", snapshot: second, resolution: resolution, older: older)]
    }

    static func nostrweet() throws -> [GoldenCase] {
        var settings = Cast.settings
        settings.style = .nostrweet
        let answered = Snapshot.fixture(1, "Asked &amp; answered by @alice https://t.co/v", by: Cast.bob) {
            $0.mention(Cast.alice)
            $0.film(
                "13_2", link: "https://t.co/v",
                variants: [
                    .init(contentType: "video/mp4", url: "https://video.twimg.com/2.mp4", bitRate: 256_000)
                ])
        }
        let stranger = Snapshot.fixture(2, "Unheard", by: Cast.dave)
        let normal = Snapshot.fixture(5, "See &lt;this&gt; https://t.co/l with @bob, @bobby: https://t.co/p")
        {
            $0.link("https://t.co/l", to: "https://example.com/a_(b)", display: "example.com/a_(b)")
            $0.mention(Cast.bob)
            $0.mention(Cast.bobby)
            $0.photo("3_1", "ONE", link: "https://t.co/p")
            $0.photo("3_2", "TWO", link: "https://t.co/p")
        }
        var copies = Cast.resolution
        copies.copies["3_1"] = [MediaCopy(url: "https://blossom.example.com/1.jpg")]
        copies.copies["3_2"] = [MediaCopy(url: "https://blossom.example.com/2.jpg")]
        let cases: [(String, Snapshot, Resolution)] = [
            ("nostrweet", normal, Cast.resolution),
            ("nostrweet-blossom", normal, copies),
            (
                "nostrweet-reply-and-quote",
                .fixture(6, "@bob quite") {
                    $0.mention(Cast.bob)
                    $0.refer(.repliedTo, to: answered)
                    $0.refer(.quoted, to: stranger)
                }, Cast.resolution
            ),
            (
                "nostrweet-unread",
                .fixture(7, "Yes") {
                    $0.refer(.repliedTo, to: stranger.post.id)
                    $0.refer(.quoted, to: answered.post.id)
                }, Cast.resolution
            ),
            (
                "nostrweet-retweet",
                .fixture(8, "RT @bob: Asked &amp; answered by @alice https://t.co/v") {
                    $0.mention(Cast.bob)
                    $0.refer(.retweeted, to: answered)
                }, Cast.resolution
            ),
            (
                "nostrweet-long",
                .fixture(8, "The short form with @bob https://t.co/a…") {
                    $0.post.longText = .init(
                        text: "The long form &amp; @bob, https://t.co/a\n\nEnd https://t.co/b")
                    $0.mention(Cast.bob)
                    $0.link("https://t.co/a", to: "https://example.com/[a]", display: "example.com/[a]")
                    $0.link(
                        "https://t.co/b", to: "https://x.com/alice/status/1/photo/1",
                        display: "pic.twitter.com/b")
                    $0.refer(.retweeted, to: answered)
                    $0.author = nil
                }, Cast.resolution
            ),
            (
                "nostrweet-retweet-of-lines",
                .fixture(9, "RT @dave: Unheard\nand cut…") { $0.refer(.retweeted, to: stranger) },
                Cast.resolution
            ),
            (
                "nostrweet-retweet-unread",
                .fixture(9, "RT @dave: Unheard") { $0.refer(.retweeted, to: stranger.post.id) },
                Cast.resolution
            ),
        ]
        return cases.map { GoldenCase(name: $0, snapshot: $1, resolution: $2, settings: settings) }
    }
}
