// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The commits on disk, by sequence: as many as the limits allow.
struct CommitLog: Sendable {
    let environment: Environment
    let schema: StoreSchema
    let limits: StoreLimits

    /// Rows that one commit trims at most: more than it adds, so that a lowered bound is reached in time.
    private static let trimMax = 16

    /// Adds a commit and drops the oldest ones beyond the bounds; brings `state` up to date.
    func append(
        _ commit: CommitRow, to transaction: borrowing some WritableSnapshot & ~Copyable,
        _ state: inout StoreState
    ) throws(StoreError) {
        let row = commit.encoded()
        try transaction.put(schema.log, Key(state.sequence.rawValue).span, row.span)
        state.logBytes += UInt64(row.count)
        var count = try transaction.rows(schema.log)
        for _ in 0..<Self.trimMax {
            let isBeyond = count > limits.logCommits || state.logBytes > UInt64(limits.logBytes)
            guard isBeyond, count > 1, let oldest = try oldest(in: transaction) else { return }
            try transaction.delete(schema.log, Key(oldest.sequence.rawValue).span)
            state.logBytes -= min(state.logBytes, UInt64(oldest.bytes))
            count -= 1
        }
    }

    private func oldest(
        in snapshot: borrowing some Snapshot & ~Copyable
    ) throws(StoreError) -> (sequence: CommitSequence, bytes: Int)? {
        var cursor = try Cursor(snapshot, schema.log)
        guard try cursor.next() else { return nil }
        return (CommitSequence(rawValue: cursor.key.word(at: 0)), cursor.value.count)
    }

    /// The last commit that the file holds.
    func latest() throws(StoreError) -> CommitSequence {
        let snapshot = try ReadTransaction(environment)
        return try snapshot.state(schema).sequence
    }

    /// The commits after `sequence`, oldest first, with what is still stored of them.
    ///
    /// - Parameters:
    ///   - number: what the first of them stored under numbers up to this one is left out.
    ///   - bytes: about as many are taken; ``StoreLimits/feedPageBytes`` unless said otherwise.
    ///   - mayCut: whether the last commit may end where `bytes` are reached.
    func commits(
        after sequence: CommitSequence, above number: UInt64 = 0, limit: Int, bytes: Int? = nil,
        mayCut: Bool = false
    ) throws(StoreError) -> FeedPage {
        let maxBytes = bytes ?? limits.feedPageBytes
        let snapshot = try ReadTransaction(environment)
        let latest = try snapshot.state(schema).sequence
        if sequence == latest { return .commits([]) }
        guard sequence < latest else { return .beyondHorizon(latest: latest) }
        var cursor = try Cursor(snapshot, schema.log)
        var next = sequence.rawValue + 1
        guard try cursor.seek(Key(next).span), cursor.key.word(at: 0) == next else {
            return .beyondHorizon(latest: latest)
        }
        var commits: [Commit] = []
        var taken = 0
        var isThere = true
        while isThere, commits.isEmpty || (commits.count < limit && taken < maxBytes) {
            let commit = try commit(
                CommitSequence(rawValue: next), CommitRow(cursor.value),
                above: commits.isEmpty ? number : 0, bytes: mayCut ? maxBytes - taken : .max, snapshot)
            taken += commit.bytes
            commits.append(commit)
            next += 1
            guard commit.isWhole else { break }
            isThere = try cursor.next()
        }
        return .commits(commits)
    }

    private func commit(
        _ sequence: CommitSequence, _ row: CommitRow, above number: UInt64, bytes: Int,
        _ snapshot: borrowing ReadTransaction
    ) throws(StoreError) -> Commit {
        var stored: [Event] = []
        var numbers: [UInt64] = []
        var (rest, isWhole) = (bytes, true)
        for serial in row.serials where serial > number {
            guard rest > 0 else {
                isWhole = false
                break
            }
            guard let record = try snapshot.record(Serial(rawValue: serial), schema) else { continue }
            let event = try record.event()
            rest -= event.json.count
            stored.append(event)
            numbers.append(serial)
        }
        return Commit(
            sequence: sequence, stored: stored, numbers: numbers, removed: row.removed, isWhole: isWhole)
    }
}

extension Commit {
    /// About what it takes in memory, in **bytes**.
    var bytes: Int { stored.reduce(removed.count * 160) { $0 + $1.json.count + 160 } + 64 }
}
