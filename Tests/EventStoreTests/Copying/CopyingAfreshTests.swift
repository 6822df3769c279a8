// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import TestSupport
import Testing

@testable import EventStore

/// A store written afresh.
@Suite struct CopyingAfreshTests {
    private static let more = SideTable("more")

    @Test func `a thinned store is as short afterwards as what is left of it, and the same`() throws {
        let temporary = try TemporaryStore { $0.sideTables = [Self.more] }
        let events = (0..<4_000).map { (number: Int) -> Event in
            let moment = 1_600_000_000 + Int64(number * 7_919 % 4_000)
            let content = String(repeating: "x", count: number % 700) + "\(number)"
            return .unsigned(1, at: moment, by: number % 50, [.of("t", "\(number % 30)")], content)
        }
        try temporary.putTogether(events)
        try temporary.write { writer throws(StoreError) in
            try writer.put(SideWrite(Self.more, key: [1], value: [2, 3]))
            for index in events.indices where index % 5 != 0 {
                _ = try writer.remove(events[index].id, reason: .operator)
            }
        }
        let left = try temporary.all()
        #expect(left.count == 800)

        // Whoever copies does not know all tables there are.
        var options = temporary.options
        options.sideTables = []
        temporary.close()
        let source = try EventStore.openReadOnly(options)
        let target = temporary.directory.path + "/afresh"
        #expect(try source.copyAfresh(into: target))

        let live = try LiveBytes.all(of: source)
        options.path = target
        options.sideTables = [Self.more]
        let copy = try EventStore.openReadOnly(options)
        #expect(try copy.check().isSound)
        #expect(try copy.events(matching: [Filter()], now: Timestamp(1_700_000_000)) == left)
        #expect(try copy.side(Self.more, key: [1]) == [2, 3])
        let sizes = try copy.sizes()
        #expect(sizes.events == 800)
        #expect(sizes.feed.latest == (try source.sizes().feed.latest))
        #expect(sizes.fileBytes < live * 12 / 10 + sizes.feed.bytes)
        #expect(sizes.fileBytes * 3 < (try source.sizes().fileBytes))
    }

    @Test func `it ends where it is told to, and never writes over a store`() throws {
        let temporary = try TemporaryStore()
        try temporary.put(.unsigned())
        let target = temporary.directory.path + "/afresh"
        #expect(try temporary.store.copyAfresh(into: target + "2", progress: { _, _ in false }) == false)
        #expect(try temporary.store.copyAfresh(into: target))
        #expect(throws: StoreError.self) { try temporary.store.copyAfresh(into: target) }
    }
}
