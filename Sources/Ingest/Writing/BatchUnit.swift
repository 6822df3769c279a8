// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Some neighbouring events of one submission that are written together: all of them, unless that failed.
struct BatchUnit {
    let submission: Submission
    let range: Range<Int>

    init(_ submission: Submission) {
        self.submission = submission
        range = 0..<submission.eventCount
    }

    private init(_ submission: Submission, _ range: Range<Int>) {
        self.submission = submission
        self.range = range
    }

    /// The events that verification let through, with their places.
    var verified: [(index: Int, event: Event)] {
        range.compactMap { index in
            if case .verified(let event) = submission.slots[index] { (index, event) } else { nil }
        }
    }

    /// Two halves; `nil` when it must stay whole: a submission's rows belong to all of its events.
    private var halves: (BatchUnit, BatchUnit)? {
        guard range.count > 1, submission.side.isEmpty, submission.required.isEmpty else { return nil }
        let middle = range.lowerBound + range.count / 2
        return (
            BatchUnit(submission, range.lowerBound..<middle), BatchUnit(submission, middle..<range.upperBound)
        )
    }

    /// Two halves of a batch, in order; `nil` when nothing can be divided.
    static func halves(of units: [BatchUnit]) -> (first: [BatchUnit], second: [BatchUnit])? {
        if units.count > 1 {
            return (Array(units.prefix(units.count / 2)), Array(units.dropFirst(units.count / 2)))
        }
        return units.first?.halves.map { ([$0], [$1]) }
    }
}
