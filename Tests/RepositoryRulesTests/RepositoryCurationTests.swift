// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import TestSupport
import Testing

@Suite struct RepositoryCurationTests {
    let ours = Event.announcement("x", by: 0, service: "us.example", maintainers: [1])

    func interest(
        white: [ArchivePattern] = [], black: [ArchivePattern] = [], archive: [ArchivePattern] = []
    ) -> RepositoryInterest {
        RepositoryInterest(
            service: ServiceAuthority("us.example"), archive: archive,
            curation: RepositoryCuration(
                whitelist: RepositoryPatternSet(white), blacklist: RepositoryPatternSet(black)))
    }

    func judge(
        _ event: Event, _ interest: RepositoryInterest, after stored: Event...
    ) -> AdmissionDecision {
        GraspAdmission(interest: interest).judge(
            event, in: RememberedEvents(interest: interest, events: stored))
    }

    @Test(
        arguments: [
            .identifier("x"), .owner(TestKey.publicKey(0)), .repository(TestKey.publicKey(0), "x"),
        ] as [ArchivePattern])
    func `three forms name a repository, for both lists`(pattern: ArchivePattern) {
        let refused = AdmissionDecision.refuse(RepositoryCuration.refusal)
        #expect(judge(ours, interest(black: [pattern])) == refused)
        #expect(judge(ours, interest(white: [pattern])) == .accept)
        let other = Event.announcement("y", by: 7, service: "us.example")
        #expect(judge(other, interest(black: [pattern])) == .accept)
        #expect(judge(other, interest(white: [pattern])) == .hold)
    }

    @Test func `the blacklist beats every other reason, the whitelist only bears on listing us`() {
        let everything = interest(black: [.identifier("x")], archive: [.everything])
        #expect(judge(ours, everything) == .refuse(RepositoryCuration.refusal))
        #expect(judge(ours, interest(white: [.identifier("y")], archive: [.identifier("x")])) == .accept)
        let helper = Event.announcement("x", by: 1)
        let white = interest(white: [.owner(TestKey.publicKey(0))])
        #expect(judge(helper, white, after: ours) == .accept, "a maintainer of what is listed")
    }

    @Test func `nobody acts through a barred announcement, and naming it opens no door`() throws {
        let barred = interest(black: [.owner(TestKey.publicKey(0))])
        #expect(judge(.state("x", by: 0), barred, after: ours) == .hold)
        #expect(judge(.state("x", by: 1), barred, after: ours) == .hold)
        let address = try #require(ours.address)
        let issue = Event.fixture(kind: .issue, tags: [Tag(["a", address.text])], by: 4)
        #expect(judge(issue, interest(), after: ours) == .accept)
        #expect(judge(issue, barred, after: ours) == .hold)
    }

    @Test func `what is barred is not followed, whatever was before`() throws {
        let announcement = try #require(RepositoryAnnouncement(ours, for: ServiceAuthority("us.example")))
        var barred = FollowSet(interest(black: [.identifier("x")]))
        #expect(barred.upsert(announcement).isEmpty && barred.followed.isEmpty)
        #expect(barred.authorised("x").isEmpty)
        var white = FollowSet(interest(white: [.identifier("y")]))
        #expect(white.upsert(announcement).isEmpty && white.followed.isEmpty)
    }
}
