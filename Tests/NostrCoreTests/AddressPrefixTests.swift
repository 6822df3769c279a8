// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@Suite struct AddressPrefixTests {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("192.0.2.7/24", "192.0.2.0/24"), ("0.0.0.0/0", "0.0.0.0/0"),
        ("2001:DB8::0/32", "2001:db8::/32"), ("::1", "::1"), ("::/0", "::/0"),
        ("::ffff:192.0.2.1", "192.0.2.1"), ("192.0.2.7/32", "192.0.2.7"), ("2001:db8::1/128", "2001:db8::1"),
    ])
    func `a prefix is written in one way`(text: String, canonical: String) throws {
        let prefix = try #require(AddressPrefix(text))
        #expect(prefix.description == canonical)
        #expect(AddressPrefix(canonical) == prefix)
    }

    @Test(arguments: [
        "", "x", "192.0.2", "192.0.2.256", "192.0.2.1/33", "192.0.2.1/", "192.0.2.1/+8", "2001:db8::/129",
        "fe80::1%eth0", "192.0.2.1/08", "[::1]", "::ffff:0:0/200",
    ])
    func `what is no prefix is none`(text: String) { #expect(AddressPrefix(text) == nil) }

    @Test func `a prefix holds what begins with it, and IPv4 as the same whichever way it came`() throws {
        func holds(_ prefix: String, _ address: String) throws -> Bool {
            let prefix = try #require(AddressPrefix(prefix))
            let address = try #require(NetworkAddress(address))
            #expect(AddressPrefixSet([prefix]).contains(address) == prefix.contains(address))
            return prefix.contains(address)
        }
        #expect(try holds("192.0.2.0/24", "192.0.2.255"))
        #expect(try !holds("192.0.2.0/24", "192.0.3.0"))
        #expect(try holds("192.0.2.0/24", "::ffff:192.0.2.1"))
        #expect(try holds("2001:db8::/33", "2001:db8:7fff::1"))
        #expect(try !holds("2001:db8::/33", "2001:db8:8000::1"))
        #expect(try holds("2001:db8::/96", "2001:db8::ffff:ffff"))
        #expect(try !holds("0.0.0.0/0", "::1"))
        #expect(NetworkAddress(v4: 0xC000_0201).description == "192.0.2.1")
    }
}

@Suite struct KindSetTests {
    @Test func `ranges that touch become one, and a kind that is taken out leaves two`() {
        var kinds = KindSet([5...7, 1...1, 8...9, 65_535...65_535])
        #expect(kinds.ranges == [1...1, 5...9, 65_535...65_535])
        kinds.remove(7)
        kinds.remove(1)
        kinds.insert(0)
        #expect(kinds.ranges == [0...0, 5...6, 8...9, 65_535...65_535])
        let inside: [Kind] = [0, 5, 6, 8, 9, 65_535]
        #expect((0...65_535).map { Kind($0) }.filter(kinds.contains) == inside)
    }

    @Test func `a range is read as it is written`() {
        for text in ["0", "65535", "30000-39999"] { #expect(KindSet.range(text).map(KindSet.text) == text) }
        for text in ["", "-", "1-", "-1", "9-1", "65536", "1-2-3", "01", "+1"] {
            #expect(KindSet.range(text) == nil, "\(text)")
        }
    }
}
