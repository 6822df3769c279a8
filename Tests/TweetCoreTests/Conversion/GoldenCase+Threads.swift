// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

extension GoldenCase {
    static func threads() throws -> [GoldenCase] {
        let root = Snapshot.fixture(1, "The beginning", by: Cast.bob)
        let middle = Snapshot.fixture(2, "@bob In between", by: Cast.carol) {
            $0.mention(Cast.bob)
            $0.refer(.repliedTo, to: root)
        }
        var rootKnown = Cast.resolution
        try rootKnown.mirror(root)
        var bothKnown = rootKnown
        try bothKnown.mirror(middle)
        var parentAlone = bothKnown
        parentAlone.events[root.post.id] = nil
        var silent = Cast.settings
        silent.unknownParents = .unmentioned
        let reply = Snapshot.fixture(3, "@carol_c @dave @bob @alice yes, @bob https://t.co/1") {
            for user in [Cast.carol, Cast.dave, Cast.bob, Cast.alice] { $0.mention(user) }
            $0.link("https://t.co/1", to: "https://example.com/1")
            $0.refer(.repliedTo, to: middle)
        }
        return [
            GoldenCase(
                name: "thread-answer-to-root",
                snapshot: .fixture(4, "@bob I agree") {
                    $0.mention(Cast.bob)
                    $0.refer(.repliedTo, to: root)
                }, resolution: rootKnown),
            GoldenCase(name: "thread-deeper", snapshot: reply, resolution: bothKnown),
            GoldenCase(name: "thread-root-alone-known", snapshot: reply, resolution: rootKnown),
            GoldenCase(name: "thread-parent-alone-known", snapshot: reply, resolution: parentAlone),
            GoldenCase(name: "thread-nothing-known", snapshot: reply),
            GoldenCase(name: "thread-nothing-told", snapshot: reply, settings: silent),
            GoldenCase(name: "thread-own", snapshot: try own().0, resolution: try own().1),
            GoldenCase(
                name: "thread-parent-not-read",
                snapshot: .fixture(6, "@dave What?") {
                    $0.mention(Cast.dave)
                    $0.post.inReplyTo = Cast.dave.id
                    $0.refer(.repliedTo, to: Cast.postID(5))
                }),
            GoldenCase(
                name: "thread-nothing-but-handles",
                snapshot: .fixture(6, "@bob") {
                    $0.mention(Cast.bob)
                    $0.refer(.repliedTo, to: root)
                }, resolution: rootKnown),
        ]
    }

    private static func own() throws -> (Snapshot, Resolution) {
        let first = Snapshot.fixture(1, "1/2")
        let second = Snapshot.fixture(2, "2/2") { $0.refer(.repliedTo, to: first) }
        var resolution = Cast.resolution
        try resolution.mirror(first)
        return (second, resolution)
    }

    static func quotes() throws -> [GoldenCase] {
        let quoted = Snapshot.fixture(1, "Words worth quoting &amp; more, says @carol_c", by: Cast.bob) {
            $0.mention(Cast.carol)
        }
        let address = "https://twitter.com/bob/status/\(quoted.post.id)?s=20"
        let quote = Snapshot.fixture(2, "This: https://t.co/q") {
            $0.link("https://t.co/q", to: address)
            $0.refer(.quoted, to: quoted)
        }
        var known = Cast.resolution
        try known.mirror(quoted)
        let tale = Snapshot.fixture(3, String(repeating: "A rather long tale 👩‍👩‍👧‍👦. ", count: 30), by: Cast.dave)
        return [
            GoldenCase(name: "quote", snapshot: quote, resolution: known),
            GoldenCase(
                name: "quote-without-link",
                snapshot: .fixture(2, "No link in the text") { $0.refer(.quoted, to: quoted) },
                resolution: known),
            GoldenCase(name: "quote-of-unmirrored", snapshot: quote),
            GoldenCase(
                name: "quote-cut",
                snapshot: .fixture(4, "Long") { $0.refer(.quoted, to: tale) }),
            GoldenCase(
                name: "quote-of-deleted",
                snapshot: .fixture(2, "Gone: https://t.co/q") {
                    $0.link("https://t.co/q", to: address)
                    $0.refer(.quoted, to: quoted.post.id)
                }),
        ]
    }
}
