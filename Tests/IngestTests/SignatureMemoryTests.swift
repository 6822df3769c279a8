// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import Ingest

@Suite struct SignatureMemoryTests {
    let event = Event.fixture(content: "x")

    @Test func `a signature is checked by one at a time and remembered when true`() throws {
        var memory = SignatureMemory(capacity: 4)
        let key = try #require(SignatureMemory.Key(event))
        #expect(memory.claim(key) == .yours)
        #expect(memory.claim(key) == .taken)
        memory.release(key, isTrue: true)
        #expect(memory.claim(key) == .known)
    }

    @Test func `a false signature is forgotten and another of the same id is another thing`() throws {
        var memory = SignatureMemory(capacity: 4)
        let good = try #require(SignatureMemory.Key(event))
        let bad = try #require(SignatureMemory.Key(event.tampered(signature: true)))
        #expect(memory.claim(bad) == .yours)
        #expect(memory.claim(good) == .yours)
        memory.release(bad, isTrue: false)
        memory.release(good, isTrue: true)
        #expect(memory.claim(bad) == .yours)
        #expect(memory.claim(good) == .known)
    }

    @Test func `a recent set forgets the oldest`() {
        var set = RecentSet<Int>(capacity: 3)
        for number in [1, 2, 2, 3, 1, 4] { set.insert(number) }
        #expect(!set.contains(1) && set.contains(2) && set.contains(3) && set.contains(4))
        set.insert(5)
        #expect(!set.contains(2))
    }
}
