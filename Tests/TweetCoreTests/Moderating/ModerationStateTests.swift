// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import TweetCore

@Suite struct ModerationStateTests {
    private static let allowed: [ModerationState: Set<ModerationState>] = [
        .pending: [.approved, .rejected, .held], .held: [.approved, .rejected],
        .approved: [.executed, .failed, .rejected, .held], .failed: [.approved, .rejected],
        .rejected: [], .executed: [.failed],
    ]

    @Test(arguments: ModerationState.allCases, ModerationState.allCases)
    func `a state becomes what the table says and nothing else`(from: ModerationState, to: ModerationState) {
        #expect(from.mayBecome(to) == Self.allowed[from]?.contains(to))
    }

    @Test func `a step that is not allowed changes nothing and leaves no trace`() {
        var item = ModerationItem(
            number: 7, subject: .job(1), account: nil, state: .pending, preview: "x", at: 10)
        let before = item
        #expect(item.become(.executed, by: .worker("w"), reason: "", at: 20) == nil)
        #expect(item == before)
    }

    @Test func `every step is written down with who took it and how it stood`() {
        var item = ModerationItem(
            number: 7, subject: .post(PostID(5)), account: UserID(1), state: .pending, preview: "x",
            hits: ["words"], at: 10)
        #expect(item.opening(by: .rules).reason == "words")
        let first = item.become(.held, by: .moderator("ann", through: .web), reason: "hm", at: 20)
        #expect(
            first
                == AuditEntry(
                    item: 7, revision: 1, from: .pending, to: .held, actor: .moderator("ann", through: .web),
                    reason: "hm", at: 20))
        #expect(
            item.become(.approved, by: .moderator("bob", through: .nostr), reason: "", at: 30)?.revision == 2)
        #expect(item.become(.executed, by: .worker("w"), reason: "", at: 40)?.from == .approved)
        #expect(item.changedAt == 40)
    }
}
