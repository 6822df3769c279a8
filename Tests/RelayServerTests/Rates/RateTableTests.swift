// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import RelayServer

@Suite struct RateTableTests {
    private let start = Uptime.zero
    private func second(_ seconds: Double) -> Uptime { .zero + .seconds(seconds) }

    @Test func `a burst passes, then as much as the time brings`() {
        // Room enough that the other is not remembered in its place.
        let table = RateTable<Int>(Rate(perSecond: 2, burst: 5), limit: 1_000)
        for _ in 0..<5 { #expect(table.take(1, from: 7, at: start) == nil) }
        #expect(table.take(1, from: 7, at: start) == .seconds(0.5))
        #expect(table.take(1, from: 8, at: start) == nil)
        #expect(table.take(1, from: 7, at: second(0.4)) != nil)
        #expect(table.take(1, from: 7, at: second(0.5)) == nil)
        #expect(table.take(1, from: 7, at: second(0.5)) != nil)
        // Never more than the burst, however long the rest.
        for _ in 0..<5 { #expect(table.take(1, from: 7, at: second(1_000)) == nil) }
        #expect(table.take(1, from: 7, at: second(1_000)) != nil)
    }

    @Test func `what is larger than the burst needs a full bucket and leaves a debt`() {
        let table = RateTable<Int>(Rate(perSecond: 10, burst: 100), limit: 10)
        #expect(table.take(250, from: 1, at: start) == nil)
        #expect(table.take(1, from: 1, at: second(15)) == .seconds(0.1))
        #expect(table.take(250, from: 1, at: second(24.9)) != nil)
        #expect(table.take(250, from: 1, at: second(25)) == nil)
    }

    @Test func `a charge is taken even where nothing is left, up to one more burst`() {
        let table = RateTable<Int>(Rate(perSecond: 1, burst: 10), limit: 10)
        #expect(table.wait(of: 1, at: start) == nil)
        for _ in 0..<100 { table.charge(1, to: 1, at: start) }
        #expect(table.wait(of: 1, at: start) == .seconds(11))
        #expect(table.wait(of: 1, at: second(11)) == nil)
        #expect(table.wait(of: 2, at: start) == nil)
    }

    @Test func `nobody is told to wait for more than a day, however little there is`() {
        let table = RateTable<Int>(Rate(perSecond: 1e-10, burst: 1e12), limit: 10)
        #expect(table.take(1e12, from: 1, at: start) == nil)
        #expect(table.take(1e12, from: 1, at: start) == .seconds(86_400))
        #expect(table.wait(of: 1, at: start) == .seconds(86_400))
    }

    @Test func `nothing is counted where nothing is limited, and time never runs backwards`() {
        let free = RateTable<Int>(Rate(perSecond: 0, burst: 1), limit: 10)
        for _ in 0..<100 { #expect(free.take(1, from: 1, at: start) == nil) }
        #expect(free.count == 0)
        let table = RateTable<Int>(Rate(perSecond: 1, burst: 1), limit: 10)
        #expect(table.take(1, from: 1, at: second(10)) == nil)
        #expect(table.take(1, from: 1, at: second(5)) != nil)
        #expect(table.take(1, from: 1, at: second(11)) == nil)
    }

    @Test func `it stays within its bound, and whoever has taken most is remembered`() {
        let table = RateTable<Int>(Rate(perSecond: 1, burst: 10), limit: 1_600)
        for _ in 0..<10 { #expect(table.take(1, from: -1, at: start) == nil) }
        for key in 0..<100_000 { #expect(table.take(1, from: key, at: start) == nil) }
        #expect(table.count <= 1_600)
        #expect(table.take(1, from: -1, at: start) != nil)
        // Full ones are forgotten first.
        for key in 0..<1_000 { #expect(table.take(1, from: key, at: second(100)) == nil) }
        #expect(table.count <= 1_600)
    }
}
