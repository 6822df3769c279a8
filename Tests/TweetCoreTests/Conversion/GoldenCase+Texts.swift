// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

extension GoldenCase {
    static func texts() -> [GoldenCase] {
        [
            GoldenCase(name: "text-plain", snapshot: .fixture("Hello, world")),
            GoldenCase(
                name: "text-scripts",
                snapshot: .fixture(
                    "  Q&amp;A: 1 &lt; 2 &gt; 0, &amp;lt; stays\n👩‍👩‍👧‍👦🏳️‍🌈 cafe\u{301} שלום עולם مرحبا\u{200F} 日本語。 "
                ) { $0.post.language = "iw" }),
            GoldenCase(
                name: "text-links",
                snapshot: .fixture(
                    "https://t.co/Ab https://t.co/Abc, (https://t.co/xyz) https://t.co/none https://t.co/odd"
                ) {
                    $0.link(
                        "https://t.co/Abc", to: "http://bit.ly/1", unwound: "https://example.com/a?b=c&d=@bob"
                    )
                    $0.link("https://t.co/Ab", to: "https://example.org/")
                    $0.link("https://t.co/xyz", to: "https://x.com/dave/status/1", unwound: nil)
                    $0.link("https://t.co/odd", to: "javascript:alert(1)", unwound: "https://a b")
                    $0.mention(Cast.bob)
                }),
            GoldenCase(
                name: "text-mentions",
                snapshot: .fixture(
                    "@bob and @Bob, not @bobby nor me@bob.com nor @bob@example.social; @dave ＠carol_c's @nobody @bob!"
                ) {
                    for user in [Cast.bobby, Cast.bob, Cast.dave, Cast.carol, Cast.alice] { $0.mention(user) }
                }),
            GoldenCase(
                name: "text-hashtags",
                snapshot: .fixture("#Nostr #ÉTÉ #nostr #日本 $BTC") {
                    $0.post.entities.hashtags = ["Nostr", "ÉTÉ", "nostr", "日本"]
                    $0.post.entities.cashtags = ["BTC"]
                    $0.post.language = "und"
                }),
            GoldenCase(name: "text-long", snapshot: long),
            GoldenCase(name: "text-dressed", snapshot: sensitive, settings: dressed),
            GoldenCase(name: "poll-open", snapshot: poll(isOpen: true)),
            GoldenCase(name: "poll-closed", snapshot: poll(isOpen: false)),
            GoldenCase(
                name: "time-from-number", snapshot: .fixture("No date was read") { $0.post.createdAt = nil }),
        ]
    }

    private static var long: Snapshot {
        .fixture("The beginning of a long post by @bob and … https://t.co/more") {
            var long = Post.LongText(
                text: "The beginning of a long post by @bob and @dave.\n\n"
                    + String(repeating: "Words &amp; words. ", count: 40) + "https://t.co/end #End")
            var link = Entities.Link(start: 700, end: 723, short: "https://t.co/end")
            link.expanded = "https://example.com/the-end"
            long.entities.urls = [link]
            // As X has it: without numbers.
            long.entities.mentions = [
                .init(start: 32, end: 36, handle: "bob", user: nil),
                .init(start: 41, end: 46, handle: "dave", user: nil),
            ]
            long.entities.hashtags = ["End"]
            $0.post.longText = long
            $0.mention(Cast.bob)
            $0.photo("3_77", "LONG", link: "https://t.co/more")
        }
    }

    private static var sensitive: Snapshot {
        .fixture("Not for everyone https://t.co/p") {
            $0.post.isSensitive = true
            $0.photo("3_1", "S", link: "https://t.co/p")
        }
    }

    private static var dressed: ConversionSettings {
        var settings = Cast.settings
        (settings.prefix, settings.suffix, settings.client) = ("[X]", "#fromX", "")
        (settings.namespace, settings.tellsLanguage) = ("org.example.x", false)
        return settings
    }

    private static func poll(isOpen: Bool) -> Snapshot {
        .fixture("Tea &amp; coffee?") {
            var poll = Poll(id: "1")
            poll.options = [
                .init(position: 2, label: "Tea &gt; coffee", votes: 1),
                .init(position: 1, label: "Coffee", votes: 12),
            ]
            poll.isOpen = isOpen
            $0.polls = [poll]
            $0.post.polls = ["1"]
        }
    }
}
