// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import RepositoryRules

/// What may go, and what never.
@Suite struct RetentionPlanTests {
    private static let now = Timestamp(1_700_000_000)
    private static let day: Int64 = 86_400

    private static func candidate(
        _ kind: Kind, days: Int64, by author: Int = 1, isKeptAlive: Bool = false
    ) -> RetentionPlan.Candidate {
        .init(
            kind: kind, author: TestKey.publicKey(author), createdAt: now.advanced(by: -days * day),
            isKeptAlive: isKeptAlive)
    }

    private static func plan(_ rules: String..., sizeMax: Int? = nil) throws -> RetentionPlan {
        RetentionPlan(rules: try rules.map { try RetentionRule($0) }, sizeMax: sizeMax)
    }

    @Test func `the first rule that concerns an event decides`() throws {
        let plan = try Self.plan(
            "forever authors=\(TestKey.publicKey(9).npub)", "7d kinds=6-7", "90d")
        let cases: [(RetentionPlan.Candidate, RetentionPlan.Judgement)] = [
            (Self.candidate(7, days: 8), .age), (Self.candidate(7, days: 6), .kept),
            (Self.candidate(1, days: 8), .kept), (Self.candidate(1, days: 91), .age),
            (Self.candidate(7, days: 400, by: 9), .kept),
        ]
        for (event, expected) in cases {
            #expect(plan.judge(event, at: Self.now, isTooLarge: false) == expected, "\(event)")
        }
    }

    @Test func `an age without kinds leaves the last versions of profiles and lists alone`() throws {
        let plan = try Self.plan("30d", sizeMax: 1)
        for kind: Kind in [0, 3, 10002, 30023] {
            #expect(plan.judge(Self.candidate(kind, days: 999), at: Self.now, isTooLarge: true) == .kept)
        }
        let named = try Self.plan("30d kinds=30023")
        #expect(named.judge(Self.candidate(30023, days: 31), at: Self.now, isTooLarge: false) == .age)
    }

    @Test(arguments: [5, 62, 30617, 30618] as [Kind])
    func `some kinds never go, whatever is asked`(kind: Kind) throws {
        let plan = try Self.plan("1d kinds=0-65535", sizeMax: 1)
        #expect(plan.judge(Self.candidate(kind, days: 9), at: Self.now, isTooLarge: true) == .protected)
    }

    @Test func `what hangs together with a repository never goes`() throws {
        let plan = try Self.plan("1d kinds=0-65535")
        for kind: Kind in [1, 1621, 30023] {
            let event = Self.candidate(kind, days: 9, isKeptAlive: true)
            #expect(plan.judge(event, at: Self.now, isTooLarge: true) == .protected)
        }
    }

    @Test func `too large a store drops what is young, but not what is kept for ever`() throws {
        let plan = try Self.plan("forever kinds=1", sizeMax: 1)
        #expect(plan.judge(Self.candidate(1, days: 0), at: Self.now, isTooLarge: true) == .kept)
        #expect(plan.judge(Self.candidate(7, days: 0), at: Self.now, isTooLarge: true) == .size)
        #expect(plan.judge(Self.candidate(7, days: 0), at: Self.now, isTooLarge: false) == .kept)
    }

    @Test func `it is known when nothing younger can go`() throws {
        let plan = try Self.plan("7d kinds=7", "90d")
        #expect(plan.isTooYoung(Self.now.advanced(by: -6 * Self.day), at: Self.now))
        #expect(!plan.isTooYoung(Self.now.advanced(by: -8 * Self.day), at: Self.now))
        #expect(try Self.plan("forever kinds=1").keepsAll)
        #expect(RetentionPlan().keepsAll)
    }

    @Test(arguments: [
        "90d", "forever", "1y kinds=0,30000-39999", "12h kinds=7 authors=\(TestKey.publicKey(1).hex)",
    ])
    func `a rule is written as it is read`(text: String) throws {
        #expect(try RetentionRule(text).description == text)
    }

    @Test(arguments: [
        "", "soon", "0d", "-1d", "9d kinds", "9d kinds=", "9d kinds=x", "9d kinds=9-1", "9d authors=me",
        "9d size=1",
        "9999999999999999999d", "1001y",
    ])
    func `what is no rule says why`(text: String) {
        #expect(throws: RetentionRule.Unreadable.self) { try RetentionRule(text) }
    }
}
