// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore
import SyncPlanner
import TestSupport
import Testing

@Suite struct UnwantedEventsTests {
    private let now = Timestamp(1_750_000_000)
    private let announcement = Event.announcement("repo", on: [Scene.a])
    private let issue = Event.issue(of: .announcement("repo", on: [Scene.a]))

    @Test func `each filter gets those that it matches, of that relay`() {
        var unwanted = UnwantedEvents()
        unwanted.insert(announcement, of: Scene.a, at: now)
        unwanted.insert(issue, of: Scene.a, at: now)
        func ids(_ filter: Filter, of relay: RelayURL = Scene.a) -> Set<EventID> {
            Set(unwanted.items(of: relay, matching: filter, at: now).map(\.id))
        }
        #expect(ids(Filter()) == [announcement.id, issue.id])
        #expect(ids(Filter(), of: Scene.b) == [])
        #expect(ids(Filter(kinds: [.repositoryAnnouncement])) == [announcement.id])
        #expect(ids(Filter(tags: ["a": [announcement.address!.text]])) == [issue.id])
        #expect(ids(Filter(tags: ["A": [announcement.address!.text]])) == [])
        #expect(ids(Filter(authors: [issue.pubkey])) == [issue.id])
        #expect(ids(Filter(since: issue.createdAt)) == [issue.id])
        #expect(ids(Filter(until: announcement.createdAt)) == [announcement.id])
        #expect(ids(Filter(ids: [issue.id], kinds: [.repositoryAnnouncement])) == [])
    }

    @Test func `an announcement has those of its identifier looked at again`() {
        var unwanted = UnwantedEvents()
        unwanted.insert(announcement, of: Scene.a, at: now)
        unwanted.insert(issue, of: Scene.a, at: now)
        unwanted.announced("other")
        #expect(unwanted.count == 2)
        unwanted.announced("repo")
        #expect(unwanted.items(of: Scene.a, matching: Filter(), at: now).map(\.id) == [issue.id])
    }

    @Test func `they are forgotten after a while, and bounded`() {
        var unwanted = UnwantedEvents()
        unwanted.perRelayMax = 1
        unwanted.insert(announcement, of: Scene.a, at: now)
        unwanted.insert(issue, of: Scene.a, at: now)
        #expect(unwanted.items(of: Scene.a, matching: Filter(), at: now).map(\.id) == [issue.id])
        let later = now.advanced(by: unwanted.lifetime)
        #expect(unwanted.items(of: Scene.a, matching: Filter(), at: later) == [])
        unwanted.insert(issue, of: Scene.a, at: later)
        #expect(unwanted.items(of: Scene.a, matching: Filter(), at: later).map(\.id) == [issue.id])
        unwanted.max = 1
        unwanted.insert(issue, of: Scene.b, at: later)
        #expect(unwanted.items(of: Scene.a, matching: Filter(), at: later) == [], "the oldest went")
        #expect(unwanted.count == 1)
        unwanted.forget(Scene.b)
        #expect(unwanted.count == 0)
    }

    @Test func `one that has very many tags is not remembered, and the rest goes on`() {
        var unwanted = UnwantedEvents()
        let tags = (0..<100).map { Tag.of("t", "\($0)") }
        unwanted.insert(.fixture(tags: tags), of: Scene.a, at: now)
        #expect(unwanted.count == 0)
        for round in 0..<3 {
            for number in 0..<300 {
                unwanted.insert(
                    .fixture(tags: [.of("d", "x")], content: "\(round) \(number)"), of: Scene.a, at: now)
            }
            unwanted.announced("x")
            #expect(unwanted.count == 0)
        }
    }
}
