// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@testable import EventStore

@Suite struct FullMapTests {
    private func batch(_ number: Int) -> [Event] {
        (0..<50).map {
            .unsigned(
                1, at: Int64(number * 50 + $0), [["t", "x"], ["e", "y"]], String(repeating: "x", count: 2000))
        }
    }

    @Test func `a full map refuses, reads on, and takes events again when there is room`() throws {
        let store = try TemporaryStore { $0.mapSize = 2 << 20 }
        var stored: [Event] = []
        var failure: StoreError?
        for number in 0..<100 where failure == nil {
            let events = batch(number)
            do throws(StoreError) {
                try store.write { writer throws(StoreError) in
                    for event in events { _ = try writer.put(event) }
                }
                stored += events
            } catch {
                failure = error
            }
        }
        guard case .full = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        // Nothing of the refused batch is there; everything before it is.
        #expect(try store.all().map(\.id) == stored.map(\.id).reversed())
        #expect(try store.store.check().faults == [])
        for event in stored.prefix(stored.count / 2) {
            try store.write { writer throws(StoreError) in
                #expect(try writer.remove(event.id, reason: .operator))
            }
        }
        for number in 200..<203 { #expect(try store.putTogether(batch(number)).allSatisfy { $0 == .stored }) }
        #expect(try store.store.check().faults == [])
    }

    @Test func `a failed write poisons its transaction only`() throws {
        let store = try TemporaryStore { $0.mapSize = 1 << 20 }
        let big = Event.unsigned(1, at: 1, [], String(repeating: "x", count: 2 << 20))
        let small = Event.unsigned(1, at: 2)
        #expect(throws: StoreError.self) {
            try store.write { writer throws(StoreError) in
                _ = try? writer.put(big)
                _ = try writer.put(small)
            }
        }
        #expect(try !store.store.contains(small.id))
        #expect(try store.put(small) == [.stored])
        #expect(try store.store.check().faults == [])
    }
}
