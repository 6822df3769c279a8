// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import TestSupport
import Testing

@testable import SyncEngine

@Suite struct CommitFollowerTests {
    @Test func `what is stored again after it was removed is told apart from its removal`() {
        let event = Event.fixture(kind: .issue, by: 1)
        let removal = Removal(
            id: event.id, kind: event.kind, pubkey: event.pubkey, address: nil, reason: .operator)
        func commit(_ number: UInt64, stored: [Event], removed: [Removal]) -> Commit {
            Commit(
                sequence: CommitSequence(rawValue: number), stored: stored,
                numbers: stored.map { _ in number },
                removed: removed)
        }
        let commits = [
            commit(1, stored: [event], removed: []), commit(2, stored: [], removed: [removal]),
            commit(3, stored: [event], removed: []), commit(4, stored: [], removed: []),
        ]
        let told = CommitFollower.stretches(commits).map { $0.map(\.sequence.rawValue) }
        #expect(told == [[1, 2], [3, 4]])
        #expect(CommitFollower.stretches([]).isEmpty)
    }
}
