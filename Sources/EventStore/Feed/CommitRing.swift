// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule

/// The last commits in memory, for followers that are close behind.
struct CommitRing: Sendable {
    private var commits: Deque<Commit> = []
    private var bytes = 0

    /// Adds a commit and drops the oldest beyond the bounds; one larger than the bound is not kept.
    mutating func append(_ commit: Commit, _ limits: StoreLimits) {
        commits.append(commit)
        bytes += commit.bytes
        while commits.count > limits.ringCommits || bytes > limits.ringBytes, let oldest = commits.popFirst()
        {
            bytes -= oldest.bytes
        }
    }

    /// The commits after `sequence`; `nil` when the ring does not reach back that far.
    func commits(after sequence: CommitSequence, limit: Int, maxBytes: Int) -> [Commit]? {
        guard let first = commits.first, first.sequence.rawValue <= sequence.rawValue + 1 else { return nil }
        var page: [Commit] = []
        var bytes = 0
        for commit in commits.dropFirst(Int(sequence.rawValue + 1 - first.sequence.rawValue)) {
            guard page.count < limit, page.isEmpty || bytes < maxBytes else { break }
            page.append(commit)
            bytes += commit.bytes
        }
        return page
    }
}
