// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@testable import TweetBridge

@Suite struct FormTests {
    @Test func `fields are read as browsers write them`() {
        let form = FormFields("a=1+2&b=%C3%A9%26&a=3&c&=x&d=a=b&e=%zz%4")
        #expect(form["a"] == "1 2" && form.all("a") == ["1 2", "3"])
        #expect(form["b"] == "é&" && form["c"] == "" && form["d"] == "a=b" && form["e"] == "%zz%4")
        #expect(form["x"] == nil && FormFields("")["a"] == nil)
        #expect(FormFields(target: "/p?a=%F0%28")["a"]?.contains("\u{FFFD}") == true)
        #expect(FormFields(target: "/p")["a"] == nil)
        let many = FormFields(String(repeating: "a=1&", count: 10_000))
        #expect(many.all("a").count == FormFields.most)
    }

    @Test func `what is spelled reads the same`() {
        let odd = "a b&c=d%+é\u{0}"
        #expect(FormFields(FormFields.spelled([("x", odd), ("y", nil), ("z", "")]))["x"] == odd)
        #expect(FormFields.spelled([("y", nil), ("z", "")]) == "z=")
    }

    @Test(arguments: [
        "/moderation", "/moderation/items/18446744073709551615", "/moderation/decisions", "/moderation/trail",
        "/moderation/moderators", "/moderation/sign-in", "/moderation/sign-out", "/moderation/style.css",
        "/moderation/script.js", "/moderation/api/items", "/moderation/api/items/5",
        "/moderation/api/decisions",
    ])
    func `a path reads back as it is spelled`(path: String) {
        #expect(ModerationPath(path)?.text == path)
    }

    @Test(arguments: [
        "/", "", "moderation", "//moderation", "/moderation/items", "/moderation/items/05",
        "/moderation/items/-1",
        "/moderation/items/5/", "/moderation/items/18446744073709551616", "/moderation/api",
        "/moderation/../x",
        "/Moderation", "/moderation%2Fitems/5", "/moderations", "/metrics", "/upload",
        "/\(String(repeating: "a", count: 64))", "/.well-known/nostr.json",
    ])
    func `other paths are others'`(path: String) { #expect(ModerationPath(path) == nil) }

    @Test func `a query reads back, and forgets what makes no sense`() {
        var query = ModerationQuery(
            FormFields("state=held&kind=job&account=%40ada&rule=bad+words&after=7"))
        #expect(query.state == .held && query.kind == .job && query.account == "@ada")
        #expect(query.rule == "bad words" && query.after == 7)
        #expect(ModerationQuery(FormFields(query.text)) == query)
        #expect(query.with(.approved).after == nil && query.from(9).after == 9)
        query = ModerationQuery(FormFields("state=gone&kind=x&account=++&after=-1"))
        #expect(query == ModerationQuery())
    }

    @Test func `filters look at the kind, the account and the rules`() {
        let item = ModerationItem(
            number: 1, subject: .job(5), account: UserID(7), state: .pending, preview: "", hits: ["words"],
            at: 0)
        func matches(_ query: String, _ account: UserID? = nil) -> Bool {
            ModerationQuery(FormFields(query)).matches(item, account: account)
        }
        #expect(matches("") && matches("kind=job") && !matches("kind=post"))
        #expect(matches("rule=words") && !matches("rule=word"))
        #expect(
            matches("account=ada", UserID(7)) && !matches("account=ada", UserID(8)) && !matches("account=eve")
        )
    }

    @Test(arguments: [
        (RequestOrigin(site: "same-origin", origin: nil, host: nil), true),
        (RequestOrigin(site: "same-site", origin: "https://a.test", host: "a.test"), false),
        (RequestOrigin(site: "cross-site", origin: nil, host: "a.test"), false),
        (RequestOrigin(site: "none", origin: nil, host: "a.test"), false),
        (RequestOrigin(site: nil, origin: "https://A.test:8443", host: "a.test:8443"), true),
        (RequestOrigin(site: nil, origin: "https://evil.test", host: "a.test"), false),
        (RequestOrigin(site: nil, origin: "https://a.test.evil.test", host: "a.test"), false),
        (RequestOrigin(site: nil, origin: "null", host: "a.test"), false),
        (RequestOrigin(site: nil, origin: "", host: ""), false),
        (RequestOrigin(site: nil, origin: nil, host: "a.test"), true),
    ])
    func `only our own pages' forms are ours`(origin: RequestOrigin, isOurs: Bool) {
        #expect(origin.isOurs == isOurs)
    }

    @Test func `the name of an item carries what it was when it was seen`() {
        #expect(ItemLine.read("5.2").map { "\($0.number) \($0.revision)" } == "5 2")
        for wrong in ["5", "5.", ".2", "5.2.1", "a.b", "-5.2", "5.99999999999", ""] {
            #expect(ItemLine.read(wrong) == nil, "\(wrong)")
        }
    }
}
