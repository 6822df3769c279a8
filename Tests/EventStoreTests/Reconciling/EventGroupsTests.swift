// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import Testing

@testable import EventStore

/// Which groups an event belongs to.
@Suite struct EventGroupsTests {
    private static func repository(_ number: Int) -> TagValue {
        let name = TagValue("repository \(number)")
        return EventAddress(kind: .repositoryAnnouncement, pubkey: TestAuthor.key(number), identifier: name)
            .text
    }

    private func namings(_ event: Event) -> [EventGroups.Naming] {
        var groups = EventGroups()
        groups.find(event.layout, json: event.json.span, Self.maker)
        return groups.namings
    }

    private func groups(_ event: Event) throws -> Set<TreeName> {
        var (groups, names) = (EventGroups(), Set<TreeName>())
        groups.find(event.layout, json: event.json.span, Self.maker)
        try groups.forEachGroup(Self.maker) { name, _ throws(StoreError) in names.insert(name) }
        return names
    }

    private static let maker = KeyMaker(secret: KeyHash.Secret(low: 3, high: 4), shape: KeyShape())

    @Test func `events that name the same repositories by a letter are one group, whatever their order`()
        throws
    {
        let (one, two) = (Self.repository(1), Self.repository(2))
        let group = try groups(.unsigned(1, [["a", one], ["a", two]]))
        #expect(group.count == 1)
        let other: [NostrCore.Tag] = [["a", two], ["p", "x"], ["a", one, "wss://"], ["a", two]]
        #expect(try groups(.unsigned(7, other)) == group)
        #expect(try groups(.unsigned(1, [["a", one]])).isDisjoint(with: group))
        #expect(try groups(.unsigned(1, [["A", one], ["A", two]])).isDisjoint(with: group))
        let both = try groups(.unsigned(1, [["a", one], ["a", two], ["A", one], ["q", two]]))
        #expect(both.count == 3 && both.isSuperset(of: group))
    }

    @Test func `only repositories count, and identifiers only of states`() {
        let key = TestAuthor.key(1).hex
        let others: [TagValue] = [
            "", "30617", TagValue("30617:\(key)"), TagValue("30618:\(key):x"), TagValue("030617:\(key):x"),
            TagValue("30617:\(key.uppercased()):x"), TagValue("30617:\(key)0:x"), TagValue(key),
        ]
        #expect(namings(.unsigned(1, others.map { ["a", $0] })).isEmpty)
        #expect(namings(.unsigned(1, [["a", TagValue("30617:\(key):")], ["d", "x"]])).count == 1)
        #expect(namings(.unsigned(30618, [["d", "x"], ["d", ""], ["r", "y"]])).count == 2)
        // Escaped in the event's text.
        let quoted = TagValue("30617:\(key):a \"b\" \\")
        let expected = Self.maker.repository(.address, quoted.bytes.span)
        #expect(namings(.unsigned(1, [["a", quoted]])).map(\.repository) == [expected])
    }
}
