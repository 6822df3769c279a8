// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule

/// Submissions of one urgency in the order in which they came.
///
/// Verifiers take their events from the front, and the writer takes whole submissions from the front once
/// they are verified: so what one source sends is written in its order.
struct IngestLane {
    /// Events that no verifier has taken.
    private(set) var jobs: Deque<VerificationJob> = []
    /// Events in `jobs`.
    private(set) var waitingEvents = 0
    /// Everything not yet handed to the writer.
    private(set) var order: Deque<Submission> = []

    var isEmpty: Bool { order.isEmpty }
    var hasReady: Bool { order.first?.stage == .ready }

    mutating func append(_ submission: Submission) {
        order.append(submission)
        appendJobs(of: submission)
    }

    /// One that the writer may have: behind all others.
    mutating func appendReady(_ submission: Submission) { order.append(submission) }

    /// Events for verifiers; the writer does not get them from here.
    mutating func appendJobs(of submission: Submission) {
        guard submission.eventCount > 0 else { return }
        jobs.append(VerificationJob(submission: submission, range: 0..<submission.eventCount))
        waitingEvents += submission.eventCount
    }

    /// Up to `count` events for a verifier.
    mutating func takeJobs(_ count: Int) -> [VerificationJob] {
        var taken: [VerificationJob] = []
        var room = count
        while room > 0, !jobs.isEmpty {
            let job = jobs[0].split(room)
            if jobs[0].range.isEmpty { jobs.removeFirst() }
            room -= job.range.count
            taken.append(job)
        }
        waitingEvents -= count - room
        return taken
    }

    /// The first submission if the writer may have it now.
    mutating func takeReady() -> Submission? {
        guard hasReady else { return nil }
        defer { dropAnswered() }
        return order.removeFirst()
    }

    /// Takes out what a source has sent, in its order, from the first on that must not be written yet. What the writer may have
    /// already keeps its place.
    mutating func takeOut(_ line: SourceLine) -> [Submission] {
        let first = order.firstIndex {
            $0.line == line && ($0.stage == .verifying || $0.stage == .consulting)
        }
        guard let first else { return [] }
        let rest = Array(order[first...])
        order.removeSubrange(first...)
        order.append(contentsOf: rest.filter { $0.line != line })
        return rest.filter { $0.line == line }
    }

    /// Lets go of submissions that were answered without the writer.
    mutating func dropAnswered() {
        while order.first?.stage == .answered { order.removeFirst() }
    }

    /// Events that the writer could have now, counted up to `limit`.
    func readyEvents(upTo limit: Int) -> Int {
        var count = 0
        for submission in order {
            if submission.stage == .answered { continue }
            guard count < limit, submission.stage == .ready else { break }
            count += submission.eventCount
        }
        return count
    }
}
