// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@Suite struct EventPartsTests {
    @Test func `an address belongs to replaceable and addressable kinds alone`() {
        #expect(Samples.signed(kind: 1, tags: [["d", "x"]]).address == nil)
        #expect(Samples.signed(kind: 20_000).address == nil)
        #expect(Samples.signed(kind: 10_002, tags: [["d", "x"]]).address?.identifier == "")
        let event = Samples.signed(kind: 30_618, tags: [["e"], ["d", "a:b/c%é"], ["d", "second"]])
        #expect(event.address?.description == "30618:\(Samples.key.publicKey):a:b/c%é")
        #expect(Samples.signed(kind: 30_618, tags: [["d"], ["d", "second"]]).identifier == "")
        #expect(Samples.signed(kind: 30_618).identifier == "")
    }

    @Test(
        arguments: [
            (["expiration", "0"], 0), (["expiration", "1700000001"], 1_700_000_001),
            (["expiration", "007"], 7),
            (["expiration", "99999999999999999999"], Int64.max), (["expiration", ""], nil),
            (["expiration"], nil),
            (["expiration", "-1"], nil), (["expiration", "1e3"], nil), (["expiration", " 1"], nil),
            (["other", "1"], nil),
        ] as [([String], Int64?)])
    func `an expiration is a plain number`(tag: [String], seconds: Int64?) {
        #expect(Samples.signed(tags: [Tag(tag)]).expiration == seconds.map { Timestamp($0) })
    }

    @Test func `a protected event says so`() {
        #expect(Samples.signed(tags: [["-"]]).isProtected)
        #expect(Samples.signed(tags: [["-", "x"]]).isProtected)
        #expect(!Samples.signed(tags: [["--"], ["e", "-"], []]).isProtected)
    }

    @Test func `the scanner walks tags one by one`() {
        let event = Samples.signed(tags: [[], ["e"], ["p", "\"", "x]"], ["alt", "[\"]", "\\"]])
        var scanner = TagScanner(event.layout)
        let span = event.json.span
        var seen: [[TagValue]] = []
        while let tag = scanner.next(in: span) {
            seen.append(tag.elements(in: span))
            #expect(tag.name(in: span) == seen.last?.first)
            #expect(tag.value(in: span) == seen.last?.dropFirst().first)
        }
        #expect(seen == event.tags.map(\.elements))
        #expect(seen.count == 4)
    }
}
