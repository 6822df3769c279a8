// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore

/// Reads the commit feed a page at a time and says what happened, one line each.
struct FeedFollower {
    /// Commits of one page at most.
    static let pageCommits = 256

    let filters: [Filter]
    /// Everything up to here was told.
    private(set) var last: CommitSequence

    init(filters: [Filter], after last: CommitSequence) {
        self.filters = filters
        self.last = last
    }

    /// - Parameter take: gets each line, without its end; `false` from it leaves out the rest of the page.
    /// - Returns: whether there may be more already.
    mutating func readPage(
        of store: EventStore, _ take: ([UInt8]) -> Bool
    ) throws(StoreError) -> Bool {
        switch try store.feed.commits(after: last, limit: Self.pageCommits) {
        case .beyondHorizon(let latest):
            _ = take(Array(#"{"gap":{"after":\#(last),"latest":\#(latest)}}"#.utf8))
            last = latest
            return true
        case .commits(let commits):
            for commit in commits {
                guard tell(commit, take) else { return true }
                last = commit.sequence
            }
            return !commits.isEmpty
        }
    }

    private func tell(_ commit: Commit, _ take: ([UInt8]) -> Bool) -> Bool {
        for event in commit.stored where filters.contains(where: { $0.matches(event) }) {
            let line = Array(#"{"commit":\#(commit.sequence),"event":"#.utf8) + event.json + [0x7D]
            if !take(line) { return false }
        }
        for removal in commit.removed where filters.contains(where: { removal.mayMatch($0) }) {
            if !take(line(removal, commit.sequence)) { return false }
        }
        return true
    }

    private func line(_ removal: Removal, _ sequence: CommitSequence) -> [UInt8] {
        Array(
            (#"{"commit":\#(sequence),"removed":{"id":"\#(removal.id.hex)","pubkey":"\#(removal.pubkey.hex)","#
                + #""kind":\#(removal.kind.rawValue),"reason":"\#(removal.reason.word)"}}"#).utf8)
    }
}

extension RemovalReason {
    /// As tools write it.
    var word: String {
        switch self {
        case .replaced: "replaced"
        case .deleted: "deleted"
        case .expired: "expired"
        case .vanished: "vanished"
        case .operator: "operator"
        }
    }
}

extension Removal {
    /// Whether what is known of it speaks against no condition of a filter.
    func mayMatch(_ filter: Filter) -> Bool {
        filter.ids.map { $0.contains(id) } ?? true && filter.authors.map { $0.contains(pubkey) } ?? true
            && filter.kinds.map { $0.contains(kind) } ?? true
    }
}
