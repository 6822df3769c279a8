// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import RelaySession

@Suite struct SlotListTests {
    @Test func `a slot that was emptied is used again`() {
        var list = SlotList(nothing: "")
        let first = list.insert("a")
        let second = list.insert("b")
        list.remove(first)
        #expect(list.insert("c") == first)
        #expect(list[first] == "c")
        #expect(list[second] == "b")
        #expect(list.count == 2)
    }

    @Test func `a value is changed where it lies`() {
        var list = SlotList<[Int]>(nothing: [])
        let slot = list.insert([1])
        list[slot].append(2)
        #expect(list[slot] == [1, 2])
    }
}
