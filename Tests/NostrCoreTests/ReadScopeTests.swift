// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

/// Guarded kinds are for those who wrote them, or are named in them.
@Suite struct ReadScopeTests {
    private let me = TestKey.publicKey(1)
    private let other = TestKey.publicKey(2)

    private func scope(_ keys: PublicKey...) -> ReadScope {
        ReadScope(guardedKinds: [4, 1059], keys: keys)
    }

    private func named(_ key: PublicKey) -> Tag { .of("p", key.hex) }

    @Test func `only those involved see what is guarded`() {
        let toMe = Event.fixture(kind: 1059, tags: [named(other), named(me)], by: 9)
        let ofMine = Event.fixture(kind: 4, tags: [named(other)], by: 1)
        let ofOthers = Event.fixture(kind: 4, tags: [named(other)], by: 3)
        let misspelt = Event.fixture(kind: 4, tags: [.of("p", String(me.hex.dropLast())), ["p"], []], by: 3)
        let aboutMe = Event.fixture(kind: 4, tags: [.of("e", me.hex)], by: 3)
        for (event, isMine) in [
            (toMe, true), (ofMine, true), (ofOthers, false), (misspelt, false), (aboutMe, false),
        ] {
            #expect(scope(me).allows(event) == isMine)
            #expect(!scope().allows(event))
            #expect(ReadScope.unrestricted.allows(event))
        }
        #expect(scope(TestKey.publicKey(7), me).allows(toMe), "any key counts")
        #expect(scope().allows(.fixture(kind: 1)))
    }

    @Test func `filters are judged by what they can bring`() {
        let p: (PublicKey) -> [Character: [TagValue]] = { ["p": [TagValue($0.hex)]] }
        let table: [(Filter, ReadScope.Verdict, ReadScope.Verdict)] = [
            (Filter(), .filtered, .filtered),
            (Filter(ids: [EventID(Bytes32(words: (1, 2, 3, 4)))]), .filtered, .filtered),
            (Filter(kinds: [1, 7]), .free, .free),
            (Filter(kinds: []), .free, .free),
            (Filter(kinds: [1, 4]), .filtered, .filtered),
            (Filter(kinds: [4]), .needsAuthentication, .filtered),
            (Filter(kinds: [4], tags: p(me)), .needsAuthentication, .filtered),
            (Filter(kinds: [4], tags: p(other)), .needsAuthentication, .restricted),
            (Filter(authors: [me], kinds: [4], tags: p(other)), .needsAuthentication, .filtered),
            (Filter(authors: [other], kinds: [4], tags: p(other)), .needsAuthentication, .restricted),
            (Filter(authors: [other], kinds: [4]), .needsAuthentication, .filtered),
        ]
        for (filter, unknown, known) in table {
            #expect(scope().judge(filter) == unknown)
            #expect(scope(me).judge(filter) == known)
            #expect(ReadScope.unrestricted.judge(filter) == .free)
        }
    }
}
