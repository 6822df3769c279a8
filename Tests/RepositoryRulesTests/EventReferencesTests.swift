// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import TestSupport
import Testing

@Suite struct EventReferencesTests {
    static let a = Event.fixture(content: "a").id
    static let b = Event.fixture(content: "b").id
    static let c = Event.fixture(content: "c").id

    @Test func `ids come from e, E and q and addresses from a, A and q`() {
        let key = TestKey.publicKey(0).hex
        let references = EventReferences(
            .fixture(tags: [
                .of("e", Self.a.hex, "wss://hint"), .of("E", Self.b.hex), .of("q", Self.c.hex),
                .of("e", Self.a.hex),
                .of("a", "30617:\(key):one"), .of("A", "30617:\(key):two:with:colons"),
                .of("q", "30618:\(key):three"),
                .of("a", "30617:\(key):one"),
            ]))
        #expect(references.ids == [Self.a, Self.b, Self.c])
        #expect(references.addresses.map(\.identifier) == ["one", "two:with:colons", "three"])
    }

    @Test func `other tags and other texts name nothing`() {
        let key = TestKey.publicKey(0).hex
        let references = EventReferences(
            .fixture(tags: [
                .of("p", key), .of("x", Self.a.hex), .of("ee", Self.a.hex), .of("e"), [], .of("e", ""),
                .of("e", Self.a.hex.uppercased() + "0"), .of("a", Self.a.hex), .of("e", "30617:\(key):x"),
                .of("Q", Self.a.hex), .of("a", "nonsense"), .of("q", "1:2:3"),
            ]))
        #expect(references.isEmpty)
    }

    @Test func `only so many are looked at`() {
        let ids = (0..<1_500).map { Event.fixture(content: "\($0)").id }
        let references = EventReferences(.fixture(tags: ids.map { .of("e", $0.hex) }))
        #expect(references.ids == Array(ids.prefix(RepositoryLimits.references)))
        let others = [Tag](repeating: .of("p", Self.a.hex), count: 2_000)
        let nothing = [Tag](repeating: .of("e", "nothing"), count: RepositoryLimits.references)
        let last: Tag = .of("e", Self.b.hex)
        #expect(EventReferences(.fixture(tags: others + nothing.dropLast() + [last])).ids == [Self.b])
        #expect(EventReferences(.fixture(tags: nothing + [last])).isEmpty)
    }
}
