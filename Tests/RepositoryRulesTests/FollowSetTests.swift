// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import TestSupport
import Testing

@Suite struct FollowSetTests {
    func announcement(
        _ identifier: String, _ author: Int, lists maintainers: [Int] = [], ours: Bool = false,
        at time: Int64 = 1
    ) throws -> RepositoryAnnouncement {
        let event = Event.announcement(
            identifier, by: author, service: ours ? "us.example" : "other.example", maintainers: maintainers,
            at: time)
        return try #require(RepositoryAnnouncement(event, for: ServiceAuthority("us.example")))
    }

    func change(
        started: [EventAddress] = [], stopped: [EventAddress] = [], changed: [EventAddress] = []
    ) -> FollowChange {
        var change = FollowChange()
        change.started = started.sorted()
        change.stopped = stopped.sorted()
        change.changed = changed.sorted()
        return change
    }

    @Test func `what lists us is followed and what does not is not`() throws {
        var set = FollowSet(service: ServiceAuthority("us.example"))
        let ours = try announcement("x", 0, ours: true)
        let theirs = try announcement("y", 0)
        #expect(set.upsert(ours) == change(started: [ours.address]))
        #expect(set.upsert(theirs).isEmpty)
        #expect(set.isFollowed(ours.address) && !set.isFollowed(theirs.address))
        #expect(set.followed == [ours.address: ours])
    }

    @Test func `maintainers are followed whenever they appear, within one identifier`() throws {
        var set = FollowSet(service: ServiceAuthority("us.example"))
        let early = try announcement("x", 1, lists: [2])
        let elsewhere = try announcement("y", 1)
        #expect(set.upsert(early).isEmpty)
        #expect(set.upsert(elsewhere).isEmpty)
        let lister = try announcement("x", 0, lists: [1], ours: true)
        #expect(set.upsert(lister) == change(started: [early.address, lister.address]))
        let late = try announcement("x", 2)
        #expect(set.upsert(late) == change(started: [late.address]))
        #expect(set.authorised("x") == Set((0...2).map { TestKey.publicKey($0) }))
        #expect(set.recursiveMaintainers(of: early.address) == Set((1...2).map { TestKey.publicKey($0) }))
    }

    @Test func `an edit is a change and the end of listing us is a stop`() throws {
        var set = FollowSet(service: ServiceAuthority("us.example"))
        let first = try announcement("x", 0, lists: [1], ours: true)
        let helper = try announcement("x", 1)
        _ = set.upsert(first)
        _ = set.upsert(helper)
        let second = try announcement("x", 0, lists: [1], ours: true, at: 2)
        #expect(set.upsert(second) == change(changed: [first.address]))
        #expect(set.followed[first.address] == second)
        #expect(set.upsert(first).isEmpty, "an older version")
        #expect(set.upsert(second).isEmpty, "the same again")
        let third = try announcement("x", 0, lists: [1], at: 3)
        #expect(set.upsert(third) == change(stopped: [first.address, helper.address]))
        #expect(set.followed.isEmpty)
    }

    @Test func `a removal stops what hung on it`() throws {
        var set = FollowSet(service: ServiceAuthority("us.example"))
        let owner = try announcement("x", 0, lists: [1], ours: true)
        let helper = try announcement("x", 1)
        _ = set.upsert(owner)
        _ = set.upsert(helper)
        #expect(set.remove(owner.address, id: owner.id) == change(stopped: [owner.address, helper.address]))
        #expect(set.remove(owner.address, id: owner.id).isEmpty)
        #expect(set.upsert(owner) == change(started: [owner.address, helper.address]), "it came back")
    }

    @Test func `a removal concerns the version that it names`() throws {
        var set = FollowSet(service: ServiceAuthority("us.example"))
        let first = try announcement("x", 0, ours: true)
        let second = try announcement("x", 0, ours: true, at: 2)
        _ = set.upsert(first)
        _ = set.upsert(second)
        #expect(set.remove(first.address, id: first.id).isEmpty)
        #expect(set.followed == [second.address: second])
        #expect(set.remove(second.address, id: second.id) == change(stopped: [second.address]))
        #expect(set.upsert(first) == change(started: [first.address]), "an older one may take its place")
    }

    @Test func `without a name only the archive counts`() throws {
        var set = FollowSet(service: nil, archive: [try #require(ArchivePattern("y"))])
        #expect(set.upsert(try announcement("x", 0, ours: true)).isEmpty)
        let archived = try announcement("y", 0, lists: [3])
        let helper = try announcement("y", 3)
        #expect(set.upsert(archived) == change(started: [archived.address]))
        #expect(set.upsert(helper) == change(started: [helper.address]), "maintainers of archived ones too")
    }

    @Test func `two owners of one identifier stand for themselves`() throws {
        var set = FollowSet(service: ServiceAuthority("us.example"))
        let a = try announcement("x", 0, lists: [2], ours: true)
        let b = try announcement("x", 1, lists: [2], ours: true)
        let shared = try announcement("x", 2)
        for one in [a, b, shared] { _ = set.upsert(one) }
        #expect(set.remove(a.address, id: a.id) == change(stopped: [a.address]))
        #expect(set.remove(b.address, id: b.id) == change(stopped: [b.address, shared.address]))
    }
}
