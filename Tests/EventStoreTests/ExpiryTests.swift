// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import Testing

@testable import EventStore

@Suite struct ExpiryTests {
    private func note(expiring at: String, _ content: String = "") -> Event {
        .unsigned(1, [["expiration", TagValue(at)]], content)
    }

    @Test func `an event is served until the second it expires, by every way of reading`() throws {
        let store = try TemporaryStore()
        let event = note(expiring: "2000")
        #expect(try store.put(event, at: 1999) == [.stored])
        for (now, count) in [(1999, 1), (2000, 0), (2001, 0)] {
            let moment = Timestamp(Int64(now))
            #expect(try store.store.count([Filter()], now: moment) == count)
            #expect(try store.store.count([Filter(kinds: [1])], now: moment) == count)
            #expect(try store.store.events(matching: [Filter(ids: [event.id])], now: moment).count == count)
            #expect(try store.all(at: Int64(now)).count == count)
        }
    }

    @Test func `what has expired is refused`() throws {
        let store = try TemporaryStore()
        #expect(try store.put([note(expiring: "2000")], at: 2000) == [.expired])
        #expect(try store.put([note(expiring: "soon")], at: 2000) == [.stored])
    }

    @Test func `expired events are removed a few at a time`() throws {
        let store = try TemporaryStore()
        try store.put((0..<10).map { note(expiring: "\(2000 + $0)", "\($0)") }, at: 1000)
        let sweep = { (limit: Int) in
            try store.write(at: 2006) { writer throws(StoreError) in try writer.removeExpired(limit: limit) }
        }
        let (removed, commit) = try sweep(4)
        #expect(removed == 4 && commit?.removed.map(\.reason) == Array(repeating: .expired, count: 4))
        #expect(try sweep(4).0 == 3 && sweep(4).0 == 0)
        #expect(try store.store.statistics.events == 3)
        #expect(try store.store.check().faults == [])
    }

    @Test func `an expired version does not keep its address`() throws {
        let store = try TemporaryStore()
        let new = Event.unsigned(30023, at: 1500, [["d", "x"], ["expiration", "2000"]])
        let old = Event.unsigned(30023, at: 1400, [["d", "x"]])
        #expect(try store.put([new, old], at: 1999) == [.stored, .superseded])
        #expect(try store.put([old], at: 2000) == [.stored])
        #expect(try store.all(at: 2000).map(\.id) == [old.id])
        #expect(try store.store.check().faults == [])
    }
}
