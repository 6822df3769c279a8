// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a page has used of its budget.
struct PageSpending {
    private let budget: PageBudget
    private var events = 0
    private var bytes = 0
    private(set) var work = 0
    private var nextAsk: Int
    /// The page is over. A page does at least one step before it is.
    private(set) var isSpent = false

    init(_ budget: PageBudget) {
        self.budget = budget
        nextAsk = budget.askEvery
    }

    mutating func add(work: Int) {
        self.work += work
        if self.work >= budget.maxWork { isSpent = true }
        guard self.work >= nextAsk else { return }
        nextAsk = self.work + budget.askEvery
        if budget.shouldYield?() == true { isSpent = true }
    }

    mutating func add(event bytes: Int) {
        events += 1
        self.bytes += bytes
        if events >= budget.maxEvents || self.bytes >= budget.maxBytes { isSpent = true }
    }

    mutating func end() { isSpent = true }
}
