// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import TweetCore

@Suite struct PostTextTests {
    private func text(
        _ escaped: String, links: [(String, String?)] = [], mentions: [(String, UInt64?)] = []
    ) -> PostText {
        PostText(
            escaped,
            links: LinkTable(
                links.map { short, url in
                    var link = Entities.Link(start: 0, end: 0, short: short)
                    link.expanded = url
                    return link
                }),
            mentions: MentionTable(
                mentions.map { .init(start: 0, end: 0, handle: $0, user: $1.map { UserID($0) }) }))
    }

    @Test(arguments: [
        ("a &amp; b", "a & b"), ("&amp;amp;", "&amp;"), ("&lt;b&gt;", "<b>"),
        ("&quot;&apos;&#39;&#x27;", "\"'''"),
        ("&", "&"), ("&;", "&;"), ("&unknown;", "&unknown;"), ("&amp", "&amp"),
        ("&#xD800;&#1114112;&#7;", "&#xD800;&#1114112;&#7;"),
        ("&#128512;", "😀"), ("&#1114111;", "\u{10FFFF}"), ("& amp;&amp;", "& amp;&"),
    ])
    func `references are decoded once`(escaped: String, decoded: String) {
        #expect(HTMLText.decoded(escaped) == decoded)
    }

    @Test(
        arguments: [
            ("@bob", [1]), ("@bobby", []), ("x@bob", []), ("@@bob", []), ("@bob@example.com", []),
            (".@bob", [1]),
            ("(@BOB)", [1]), ("@bob_", []), ("＠bob", [1]), ("日本@bobさん", [1]), ("@bob's", [1]),
            ("@bob @bob", [1, 1]),
            ("@bobbobbobbobbobbob", []), ("@", []), ("@é", []), ("/@bob", [1]), ("&amp;@bob", []),
        ] as [(String, [UInt64])])
    func `a mention is a whole handle that X lists`(written: String, users: [UInt64]) {
        #expect(text(written, mentions: [("bob", 1)]).mentionedUsers == users.map { UserID($0) })
    }

    @Test func `a handle of two lists is whose either says, and of two people the first one's`() {
        let known = MentionTable([
            .init(start: 0, end: 0, handle: "Bob", user: nil),
            .init(start: 0, end: 0, handle: "bob", user: UserID(9)),
            .init(start: 0, end: 0, handle: "bob", user: UserID(3)),
            .init(start: 0, end: 0, handle: "nobody", user: nil),
        ])
        #expect(known.match("BOB") == (true, UserID(3)))
        #expect(known.match("nobody") == (true, nil))
        #expect(known.match("somebody") == (false, nil))
    }

    @Test func `what was put in for a link is not looked at again`() {
        let text = text(
            "https://t.co/a @bob", links: [("https://t.co/a", "https://e.com/@bob/https://t.co/a")],
            mentions: [("bob", 1)])
        let written = text.written(link: \.url, mention: { _, _ in "B" })
        #expect(written == "https://e.com/@bob/https://t.co/a B")
    }

    @Test func `a link that only begins like a short one is another`() {
        let written = text(
            "https://t.co/ab https://t.co/a. https://t.co/a",
            links: [("https://t.co/a", "https://example.com")])
        #expect(written.plain() == "https://t.co/ab https://example.com. https://example.com")
    }

    @Test func `excerpts are cut where words end, or at least between characters`() {
        let family = "👩‍👩‍👧‍👦"
        #expect(Excerpt.cut(String(repeating: family, count: 280)) == String(repeating: family, count: 280))
        #expect(
            Excerpt.cut(String(repeating: family, count: 281)) == String(repeating: family, count: 279) + "…")
        #expect(Excerpt.cut("See https://example.com/" + String(repeating: "a", count: 300)) == "See…")
        let words = String(repeating: "e\u{301}t ", count: 100)
        #expect(Excerpt.cut(words) == String(repeating: "e\u{301}t ", count: 92) + "e\u{301}t…")
    }

    @Test(arguments: [
        ("a L b", "a b"), ("a L", "a"), ("L b", "b"), ("a\nL", "a"), ("a L\nb", "a\nb"),
        ("a\nL\nb", "a\n\nb"),
        ("aLb", "aLb"), ("a (L) b", "a () b"), ("L", ""), ("a L L b", "a b"), ("\u{301} L b", "\u{301} b"),
    ])
    func `a link that is left out takes one space with it`(pattern: String, written: String) {
        let text = text(
            pattern.replacing("L", with: "https://t.co/a"), links: [("https://t.co/a", "https://example.com")]
        )
        #expect(
            text.written(link: { _ in nil }, mention: { handle, _ in handle })
                == written.replacing("L", with: "https://t.co/a"))
    }

    @Test(arguments: [
        ("@bob hi", "hi"), ("@bob @dave @bob hi @bob", "@dave hi @bob"), ("hi @bob", "hi @bob"),
        ("@dave hi", "@dave hi"),
        ("  @bob\n\nhi", "hi"), ("@bob", ""), ("@bob, hi", ", hi"), ("@dave @bob", "@dave"),
    ])
    func `mentions before the text go where they are told elsewhere`(before: String, after: String) {
        let text = text(before, mentions: [("bob", 1), ("dave", nil)])
        #expect(text.withoutLeadingMentions { $0 == UserID(1) }.plain() == after)
    }

    @Test(
        arguments: [
            ("https://x.com/bob/status/20", 20, false),
            ("https://twitter.com/i/web/status/20/photo/1", 20, true),
            ("http://www.x.com/bob/statuses/20?s=1", 20, false),
            ("https://mobile.twitter.com/a/status/20/video/2#x", 20, true),
            ("https://X.com/a/status/20", 20, false), ("https://notx.com/a/status/20", nil, false),
            ("https://evil.example/x.com/a/status/20", nil, false),
            ("https://x.com@evil.example/a/status/20", nil, false),
            ("https://x.com/a/status/abc", nil, false), ("https://x.com/status", nil, false),
            ("x.com/a/status/20", nil, false),
            ("", nil, false), ("https://x.com/status/status/20", 20, false),
        ] as [(String, UInt64?, Bool)])
    func `links to posts are known by their host`(url: String, id: UInt64?, isMedia: Bool) {
        let link = StatusLink(url)
        #expect(link?.post == id.map { PostID($0) })
        #expect((link?.isMedia ?? false) == isMedia)
    }

    @Test(arguments: [
        ("https://e.com", true), ("http://e", true), ("https://", false), ("HTTPS://e.com", false),
        ("ftp://e.com", false),
        ("https://e.com/a b", false), ("https://e.com/\u{2028}", false), ("https://e.com/é", true),
        ("", false),
        ("https://" + String(repeating: "e", count: 2_040), true),
        ("https://" + String(repeating: "e", count: 2_041), false),
    ])
    func `only addresses that a reader can follow are put into notes`(url: String, isGood: Bool) {
        #expect(WebLink.isURL(url) == isGood)
    }

    @Test(
        arguments: [
            ("en", "en"), ("in", "id"), ("iw", "he"), ("zh-CN", "zh"), ("und", nil), ("qme", nil), ("", nil),
            ("é", nil), (nil, nil),
            ("PT", "pt"),
        ] as [(String?, String?)])
    func `languages have two letters`(tag: String?, code: String?) {
        #expect(LanguageCode.code(of: tag) == code)
    }
}
