// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import TestSupport
import Testing

@Suite struct RepositoryGroupTests {
    let interest = RepositoryInterest(service: ServiceAuthority("us.example"))

    func announcement(
        _ author: Int, lists maintainers: [Int] = [], ours: Bool = false, at time: Int64 = 1
    ) throws -> RepositoryAnnouncement {
        let event = Event.announcement(
            "x", by: author, service: ours ? "us.example" : nil, maintainers: maintainers, at: time)
        return try #require(RepositoryAnnouncement(event, for: nil))
    }

    func keys(_ numbers: Int...) -> Set<PublicKey> { Set(numbers.map { TestKey.publicKey($0) }) }

    @Test func `maintainers are followed recursively and leaves count`() throws {
        var group = RepositoryGroup(interest: interest)
        _ = group.upsert(try announcement(0, lists: [1], ours: true))
        #expect(group.authorised == keys(0, 1))
        _ = group.upsert(try announcement(1, lists: [2, 3]))
        #expect(group.authorised == keys(0, 1, 2, 3))
        #expect(group.recursiveMaintainers(of: TestKey.publicKey(1)) == keys(1, 2, 3))
        #expect(group.recursiveMaintainers(of: TestKey.publicKey(3)).isEmpty, "a leaf announced nothing")
    }

    @Test func `being listed is not listing`() throws {
        var group = RepositoryGroup(interest: interest)
        _ = group.upsert(try announcement(0, lists: [1]))
        _ = group.upsert(try announcement(1, ours: true))
        #expect(group.authorised == keys(1))
    }

    @Test func `circles end`() throws {
        var group = RepositoryGroup(interest: interest)
        for (author, next) in [(0, 1), (1, 2), (2, 0)] {
            _ = group.upsert(try announcement(author, lists: [next], ours: author == 0))
        }
        #expect(group.authorised == keys(0, 1, 2))
        #expect(group.recursiveMaintainers(of: TestKey.publicKey(2)) == keys(0, 1, 2))
    }

    @Test func `a maintainer may appear before the one who lists them`() throws {
        var group = RepositoryGroup(interest: interest)
        #expect(group.upsert(try announcement(2, lists: [3])) == AuthorityChange())
        #expect(group.upsert(try announcement(1, lists: [2])) == AuthorityChange())
        let change = group.upsert(try announcement(0, lists: [1], ours: true))
        #expect(Set(change.gained) == keys(0, 1, 2, 3) && change.lost.isEmpty)
    }

    @Test func `an edit takes authority away from whoever is no longer reached`() throws {
        var group = RepositoryGroup(interest: interest)
        _ = group.upsert(try announcement(0, lists: [1, 2], ours: true))
        _ = group.upsert(try announcement(1, lists: [3]))
        let change = group.upsert(try announcement(0, lists: [2], ours: true, at: 2))
        #expect(Set(change.lost) == keys(1, 3) && change.gained.isEmpty)
        #expect(group.authorised == keys(0, 2))
        #expect(
            group.upsert(try announcement(0, lists: [1], ours: true, at: 1)) == AuthorityChange(),
            "an older one")
    }

    @Test func `an owner who stops listing us takes the maintainers along`() throws {
        var group = RepositoryGroup(interest: interest)
        _ = group.upsert(try announcement(0, lists: [1], ours: true))
        _ = group.upsert(try announcement(4, lists: [1], ours: true))
        #expect(Set(group.upsert(try announcement(0, lists: [1], at: 2)).lost) == keys(0))
        let other = try #require(group.announcements[TestKey.publicKey(4)])
        let absent = try announcement(4, lists: [1], ours: true, at: 7)
        #expect(group.remove(other.owner, id: absent.id) == AuthorityChange(), "another version")
        #expect(Set(group.remove(other.owner, id: other.id).lost) == keys(4, 1))
        #expect(group.authorised.isEmpty)
    }

    @Test func `any order and any edits give what a fresh look gives`() throws {
        for seed in 0..<60 {
            var rng = SplitMix64(seed: UInt64(seed))
            var group = RepositoryGroup(interest: interest)
            var current: [Int: RepositoryAnnouncement] = [:]
            for step in 1...40 {
                let author = Int.random(in: 0..<7, using: &rng)
                let before = group.authorised
                let change: AuthorityChange
                if Int.random(in: 0..<6, using: &rng) == 0 {
                    let removed = current.removeValue(forKey: author)
                    change = removed.map { group.remove($0.owner, id: $0.id) } ?? AuthorityChange()
                } else {
                    let maintainers = (0..<7).filter { _ in Int.random(in: 0..<4, using: &rng) == 0 }
                    let ours = Int.random(in: 0..<3, using: &rng) == 0
                    let next = try announcement(author, lists: maintainers, ours: ours, at: Int64(step))
                    current[author] = next
                    change = group.upsert(next)
                }
                #expect(group.authorised == naive(current), "seed \(seed), step \(step)")
                #expect(
                    Set(change.gained) == group.authorised.subtracting(before), "seed \(seed), step \(step)")
                #expect(
                    Set(change.lost) == before.subtracting(group.authorised), "seed \(seed), step \(step)")
            }
        }
    }

    /// Adds whoever an authorised owner lists until nobody is added.
    func naive(_ current: [Int: RepositoryAnnouncement]) -> Set<PublicKey> {
        var keys = Set(current.values.filter { interest.includes($0) }.map(\.owner))
        while true {
            let more = keys.union(current.values.filter { keys.contains($0.owner) }.flatMap(\.maintainers))
            if more == keys { return keys }
            keys = more
        }
    }
}
