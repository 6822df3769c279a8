// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension SpendLedger {
    /// A question as it can be paid for now, and what its answer costs at the most.
    ///
    /// A page gets smaller when money runs short, down to the smallest that X allows. What was paid for today is free.
    ///
    /// - Throws: ``XFailure/overBudget(until:)``.
    public mutating func affordable(
        _ question: XQuestion, for purpose: SpendPurpose, at now: Int64
    ) throws(XFailure) -> (XQuestion, most: Int64) {
        let free = available(for: purpose, at: now)
        let most = prices.most(question, for: purpose, listed: unpaid(question))
        if most <= free { return (question, most) }
        let each = prices.most(question, for: purpose, listed: 1)
        if let sizes = question.pageSizes {
            let size = Int(free / max(1, each))
            if size >= sizes.lowerBound { return (question.asking(for: size), Int64(size) * each) }
        }
        let least = question.pageSizes.map { Int64($0.lowerBound) * each } ?? most
        throw refusal(least, for: purpose, at: now)
    }

    /// How many posts or accounts can be looked up now in one question, at its most expensive.
    public mutating func affordable(_ subject: PostPage.Subject, for purpose: SpendPurpose, at now: Int64)
        -> Int
    {
        let question: XQuestion = subject == .posts ? .posts([]) : .users([])
        let each = prices.most(question, for: purpose, listed: 1)
        guard each > 0 else { return XQuestion.lookupMax }
        return min(XQuestion.lookupMax, Int(available(for: purpose, at: now) / each))
    }

    /// How many of what is listed at the most were not paid for today.
    private func unpaid(_ question: XQuestion) -> Int {
        // With what comes along, even a post that was paid for may cost something.
        switch question {
        case .posts(let ids) where !prices.isChargedForIncluded: ids.count { !isPaid(.post($0)) }
        case .users(let ids): ids.count { !isPaid(.user($0)) }
        default: question.listedMax
        }
    }
}
