// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import TestSupport
import Testing

@Suite struct RepositoryStateTests {
    @Test func `refs and head are read and peeled tags are not`() throws {
        let state = try #require(
            RepositoryState(
                .fixture(
                    kind: .repositoryState,
                    tags: [
                        .of("d", "a:b"), .of("refs/heads/main", "c1", "ancestor", "another"),
                        .of("refs/tags/v1", "c2"), .of("refs/tags/v1^{}", "c3"), .of("refs/heads/empty"),
                        .of("refs/nostr/x", "c4"), .of("refs/heads/main", "later"),
                        .of("HEAD", "ref: refs/heads/main"), .of("HEAD", "ref: refs/heads/other"),
                    ])))
        #expect(state.identifier == "a:b")
        #expect(state.refs == ["refs/heads/main": "c1", "refs/tags/v1": "c2"])
        #expect(state.head == "refs/heads/main")
    }

    @Test(arguments: ["refs/heads/main", "ref:refs/heads/main", "ref: ", ""])
    func `a head that is no reference is none`(head: String) throws {
        let event = Event.fixture(kind: .repositoryState, tags: [.of("d", "x"), .of("HEAD", head)])
        #expect(try #require(RepositoryState(event)).head == nil)
    }

    @Test func `it needs its kind and an identifier`() {
        #expect(RepositoryState(.fixture(kind: 30617, tags: [.of("d", "x")])) == nil)
        #expect(RepositoryState(.fixture(kind: 30618)) == nil)
    }

    @Test func `the newest state of a maintainer is in force`() throws {
        let states = try [(0, 5), (1, 7), (2, 9)].map { author, time in
            try #require(RepositoryState(.state("x", by: author, at: Int64(time))))
        }
        let maintainers: Set = [TestKey.publicKey(0), TestKey.publicKey(1)]
        #expect(RepositoryState.authoritative(among: states, maintainers: maintainers) == states[1])
        #expect(
            RepositoryState.authoritative(among: states.reversed(), maintainers: maintainers) == states[1])
        #expect(RepositoryState.authoritative(among: states, maintainers: []) == nil)
    }

    @Test func `of equally new states that with the lowest id is in force`() throws {
        let states = try (0..<5).map { try #require(RepositoryState(.state("x", by: $0, at: 5))) }
        let maintainers = Set((0..<5).map { TestKey.publicKey($0) })
        let lowest = states.min { $0.id < $1.id }
        #expect(RepositoryState.authoritative(among: states, maintainers: maintainers) == lowest)
        #expect(RepositoryState.authoritative(among: states.reversed(), maintainers: maintainers) == lowest)
    }
}
