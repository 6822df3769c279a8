// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Some neighbouring events of one submission, for one verifier.
struct VerificationJob {
    let submission: Submission
    var range: Range<Int>

    /// Takes up to `count` events off the front.
    mutating func split(_ count: Int) -> VerificationJob {
        let middle = min(range.upperBound, range.lowerBound + count)
        let head = VerificationJob(submission: submission, range: range.lowerBound..<middle)
        range = middle..<range.upperBound
        return head
    }
}

extension VerificationJob {
    /// The events as they were handed in.
    var events: [ParsedEvent] {
        range.map { index in
            guard case .waiting(let event) = submission.slots[index] else {
                preconditionFailure("an event is judged once")
            }
            return event
        }
    }
}
