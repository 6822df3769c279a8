// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import TestSupport
import Testing

@Suite struct GraspAdmissionTests {
    let grasp = GraspAdmission(service: ServiceAuthority("us.example"))
    let ours = Event.announcement("a:b", by: 0, service: "us.example", maintainers: [1])

    func judge(_ event: Event, after stored: Event...) -> AdmissionDecision {
        grasp.judge(event, in: RememberedEvents(interest: grasp.interest, events: stored))
    }

    func address(_ event: Event, _ letter: String = "a") -> Tag {
        Tag([TagValue(letter), event.address?.text ?? ""])
    }
    func id(_ event: Event, _ letter: String = "e") -> Tag { .of(letter, event.id.hex) }

    @Test func `an announcement that lists us is taken and another waits`() {
        #expect(judge(ours) == .accept)
        #expect(judge(.announcement("x", service: "other.example")) == .hold)
        #expect(judge(.announcement("x", clone: ["https://us.example/x"])) == .hold)
        #expect(judge(.announcement("x", service: "us.example.attacker.example")) == .hold)
    }

    @Test func `an announcement may list others first, and an edit of that kind keeps it followed`() throws {
        func ours(after count: Int, at time: Int64) -> Event {
            let others = (0..<count).map { "wss://r\($0).example" }
            return .fixture(
                kind: .repositoryAnnouncement, at: time,
                tags: [
                    .of("d", "x"), Tag(["relays"] + others.map { TagValue($0) } + ["wss://us.example"]),
                    .of("clone", "https://us.example/x"),
                ])
        }
        #expect(judge(ours(after: 20, at: 1)) == .accept)
        var set = FollowSet(service: ServiceAuthority("us.example"))
        for (version, count) in [1, 20, 60].enumerated() {
            let event = ours(after: count, at: Int64(version))
            let announcement = try #require(RepositoryAnnouncement(event, for: set.interest.service))
            #expect(set.upsert(announcement).stopped.isEmpty)
            #expect(set.isFollowed(announcement.address))
        }
    }

    @Test func `an identifier has a length`() {
        let longest = String(repeating: "x", count: RepositoryLimits.identifierBytes)
        #expect(judge(.announcement(longest, service: "us.example")) == .accept)
        #expect(RepositoryAnnouncement(.announcement(longest + "x", service: "us.example"), for: nil) == nil)
        let refusal = AdmissionDecision.refuse("invalid: a repository's d tag has at most 1024 bytes")
        #expect(judge(.announcement(longest + "x", service: "us.example")) == refusal)
        #expect(judge(.state(longest + "x")) == refusal)
    }

    @Test func `an announcement by a maintainer is taken, whoever it lists`() {
        let helper = Event.announcement("a:b", by: 1, service: "other.example", maintainers: [2])
        let second = Event.announcement("a:b", by: 2, service: "other.example")
        #expect(judge(helper, after: ours) == .accept)
        #expect(judge(second, after: ours) == .hold)
        #expect(judge(second, after: ours, helper) == .accept)
        #expect(judge(.announcement("a", by: 1), after: ours) == .hold, "another identifier")
    }

    @Test func `the next version of a stored announcement is taken even if it leaves us`() {
        #expect(judge(.announcement("a:b", by: 0, at: 1_800_000_000), after: ours) == .accept)
    }

    @Test func `an announcement that names accepted events is still judged by its own rules`() {
        let foreign = Event.announcement(
            "x", by: 5, service: "other.example", tags: [address(ours), id(ours)])
        #expect(judge(foreign, after: ours) == .hold)
        let naming = Event.fixture(kind: .issue, tags: [address(ours), address(foreign)])
        #expect(judge(foreign, after: ours, naming) == .hold)
    }

    @Test func `a state is taken from maintainers only`() {
        #expect(judge(.state("a:b", by: 0), after: ours) == .accept)
        #expect(judge(.state("a:b", by: 1), after: ours) == .accept, "a leaf")
        #expect(judge(.state("a:b", by: 2), after: ours) == .hold)
        #expect(judge(.state("a", by: 0), after: ours) == .hold)
        #expect(judge(.state("a:b", by: 0)) == .hold)
    }

    @Test func `either of two owners of one identifier is enough`() {
        let other = Event.announcement("a:b", by: 3, service: "us.example", maintainers: [4])
        #expect(judge(.state("a:b", by: 4), after: ours, other) == .accept)
        #expect(judge(.state("a:b", by: 1), after: ours, other) == .accept)
        #expect(judge(.state("a:b", by: 4), after: ours) == .hold)
    }

    @Test(arguments: ["a", "A", "q"])
    func `naming an accepted address is enough`(letter: String) {
        #expect(judge(.fixture(kind: .issue, tags: [address(ours, letter)]), after: ours) == .accept)
        #expect(judge(.fixture(kind: .issue, tags: [address(ours, letter)])) == .hold)
    }

    @Test(arguments: ["e", "E", "q"])
    func `naming an accepted id is enough and so is being named`(letter: String) {
        let issue = Event.fixture(kind: .issue, tags: [address(ours)])
        let reply = Event.fixture(kind: .comment, tags: [id(issue, letter)])
        #expect(judge(reply, after: ours, issue) == .accept)
        #expect(judge(reply, after: ours) == .hold)
        let quoted = Event.fixture(kind: .textNote, content: "quoted")
        let quoting = Event.fixture(kind: .comment, tags: [address(ours), id(quoted, letter)])
        #expect(judge(quoted, after: ours, quoting) == .accept)
        #expect(judge(quoted, after: ours) == .hold)
    }

    @Test func `being named by address is enough`() {
        let article = Event.fixture(kind: 30023, tags: [.of("d", "text")])
        let quoting = Event.fixture(kind: .comment, tags: [address(ours), address(article)])
        #expect(judge(article, after: ours, quoting) == .accept)
    }

    @Test func `what is unrelated waits`() {
        #expect(judge(.fixture(kind: .textNote), after: ours) == .hold)
        #expect(
            judge(.fixture(kind: .issue, tags: [.of("p", TestKey.publicKey(0).hex)]), after: ours) == .hold)
        let foreign = Event.announcement("x", by: 5, service: "other.example")
        #expect(judge(.fixture(kind: .comment, tags: [address(foreign, "q")]), after: ours) == .hold)
    }

    @Test(arguments: [5, 62, 10002, 10050, 10317] as [Kind])
    func `lists and deletions are taken from anyone and vouch for nothing`(kind: Kind) {
        let target = Event.fixture(kind: .textNote, content: "target")
        let list = Event.fixture(kind: kind, tags: [id(target)])
        #expect(judge(list) == .accept)
        #expect(judge(target, after: list) == .hold)
        #expect(judge(.fixture(kind: .comment, tags: [id(list)]), after: list) == .hold)
        #expect(judge(.fixture(kind: .comment, tags: [address(list)]), after: list) == .hold)
    }

    @Test func `a list that is too long is judged like anything else`() {
        let long = String(repeating: "x", count: RepositoryLimits.fromAnyoneBytes)
        #expect(judge(.fixture(kind: .graspList, content: long)) == .hold)
        let related = Event.fixture(kind: .deletion, tags: [id(ours)], content: long)
        #expect(judge(related, after: ours) == .accept)
    }

    @Test(arguments: [0, 3] as [Kind])
    func `profiles and contacts are taken only when something stored names them`(kind: Kind) {
        let profile = Event.fixture(kind: kind, tags: [id(ours), address(ours)])
        #expect(judge(profile, after: ours) == .hold, "naming is not enough")
        let byID = Event.fixture(kind: .issue, tags: [address(ours), id(profile)])
        let byAddress = Event.fixture(kind: .issue, tags: [address(ours), address(profile)])
        #expect(judge(profile, after: ours, byID) == .accept)
        #expect(judge(profile, after: ours, byAddress) == .accept)
    }

    @Test func `announcements and states without an identifier are refused`() {
        for kind: Kind in [30617, 30618] {
            guard case .refuse(let text) = judge(.fixture(kind: kind), after: ours) else {
                Issue.record("kind \(kind) was not refused")
                continue
            }
            #expect(text.hasPrefix("invalid: "))
        }
    }

    @Test func `the archive is taken without listing us, and alone when there is no name`() throws {
        let pattern = try #require(ArchivePattern("x"))
        let archive = GraspAdmission(service: nil, archive: [pattern])
        let nothing = RememberedEvents(interest: archive.interest)
        #expect(archive.judge(.announcement("x", by: 7), in: nothing) == .accept)
        #expect(archive.judge(ours, in: nothing) == .hold)
    }
}
