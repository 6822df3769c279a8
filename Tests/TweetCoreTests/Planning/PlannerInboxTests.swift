// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import TweetCore

/// What the planner is told, however much of it comes at once.
@Suite struct PlannerInboxTests {
    private func isAnswer(_ input: BridgeInput) -> Bool {
        switch input {
        case .kept, .failed, .notKept: true
        default: false
        }
    }

    @Test func `no answer is lost among a hundred thousand hints, and answers come first`() {
        var inbox = PlannerInbox()
        for number in 0..<100_000 {
            inbox.add(.asked(UserID(UInt64(number))))
            if number % 40_000 == 7 { inbox.add(.kept(FetchID(number: UInt64(number)))) }
        }
        let inputs = inbox.takeAll()
        #expect(inputs.prefix(3).allSatisfy(isAnswer) && inputs.count { isAnswer($0) } == 3)
        #expect(inputs.contains(.askedAll), "with too many wishes everything is read")
        #expect(inputs.count < PlannerInbox.askedMax)
        #expect(inbox.takeAll() == [])
    }

    @Test func `a stream that was gone for a moment is told as gone and back`() {
        var inbox = PlannerInbox()
        inbox.add(.stream(isConnected: false))
        inbox.add(.stream(isConnected: true))
        #expect(inbox.takeAll() == [.stream(isConnected: false), .stream(isConnected: true)])
        inbox.add(.stream(isConnected: true))
        inbox.add(.stream(isConnected: false))
        #expect(inbox.takeAll() == [.stream(isConnected: false)])
    }

    @Test func `of many hints of a kind there is one, the latest`() {
        var inbox = PlannerInbox()
        for number in 0..<10 {
            inbox.add(.accounts([WatchedAccount(id: UserID(UInt64(number)), handle: nil)]))
            inbox.add(.chosen(.young, [PostID(UInt64(number))]))
            inbox.add(.tick)
            inbox.add(.askedAll)
            inbox.add(.profilesDue)
            inbox.add(.credentialRenewed)
        }
        let last = WatchedAccount(id: UserID(9), handle: nil)
        #expect(
            inbox.takeAll() == [
                .accounts([last]), .chosen(.young, [PostID(9)]), .credentialRenewed, .askedAll, .profilesDue,
                .tick,
            ])
    }
}
