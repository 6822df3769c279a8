// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the next transaction goes on from: one row, written by every commit.
///
///     next serial 8 ‖ last commit 8 ‖ bytes of the log 8
struct StoreState: Hashable, Sendable {
    var nextSerial = Serial(rawValue: 1)
    var sequence = CommitSequence.zero
    var logBytes: UInt64 = 0

    static let key = Key("state")

    init() {}

    init(_ row: Span<UInt8>) throws(StoreError) {
        guard row.count == 24 else { throw .corrupt("a state of \(row.count) bytes") }
        nextSerial = Serial(rawValue: row.word(at: 0))
        sequence = CommitSequence(rawValue: row.word(at: 8))
        logBytes = row.word(at: 16)
    }

    var row: Key {
        var row = Key()
        row.append(nextSerial.rawValue)
        row.append(sequence.rawValue)
        row.append(logBytes)
        return row
    }
}

extension Snapshot where Self: ~Copyable {
    func state(_ schema: StoreSchema) throws(StoreError) -> StoreState {
        guard let row = try value(schema.meta, StoreState.key.span) else { throw .corrupt("no state") }
        return try StoreState(row)
    }
}
