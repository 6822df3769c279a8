// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import TestSupport
import Testing

@Suite struct ArchivePatternTests {
    static let npub = NIP19Entity.npub(TestKey.publicKey(1)).bech32 ?? ""

    static func address(_ author: Int, _ identifier: String, kind: Kind = 30617) -> EventAddress {
        EventAddress(kind: kind, pubkey: TestKey.publicKey(author), identifier: TagValue(identifier))
    }

    @Test(arguments: [
        ("*", 1, "x", true), ("*", 2, "y", true),
        (npub, 1, "x", true), (npub, 1, "y", true), (npub, 2, "x", false),
        ("\(npub)/x", 1, "x", true), ("\(npub)/x", 1, "y", false), ("\(npub)/x", 2, "x", false),
        ("\(npub)/a/b:c", 1, "a/b:c", true),
        ("x", 1, "x", true), ("x", 2, "x", true), ("x", 1, "xy", false), ("a/b", 3, "a/b", true),
    ])
    func `a pattern names repositories`(text: String, author: Int, identifier: String, matches: Bool) throws {
        let pattern = try #require(ArchivePattern(text))
        #expect(pattern.matches(Self.address(author, identifier)) == matches)
        #expect(pattern.description == text)
    }

    @Test func `nothing but announcements is meant`() throws {
        #expect(try !#require(ArchivePattern("*")).matches(Self.address(1, "x", kind: 30618)))
    }

    @Test(arguments: ["", "npub1", "npub1qqqq", "\(npub)/", "\(npub.dropLast())q/x"])
    func `what is none of the four forms is refused`(text: String) {
        #expect(ArchivePattern(text) == nil)
    }
}
