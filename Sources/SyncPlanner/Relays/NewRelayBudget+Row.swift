// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// A restart does not begin a new day.
extension NewRelayBudget {
    /// Of the row that says what is spent; it is no relay's.
    static let rowKey = [UInt8](repeating: 0, count: 15) + [1]
    private static let version: UInt8 = 0xF2
    private static let spenderLength = 36

    /// - Parameter most: of so many owners, those that have spent most.
    func row(of most: Int) -> SyncRow {
        let spenders = spent.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(most)
        let value = spenders.reduce(into: [Self.version] + SyncRow.bigEndian(day)) { value, spender in
            value += spender.key.bytes.bytes + SyncRow.bigEndian(Int32(clamping: spender.value))
        }
        return SyncRow(table: .relay, key: Self.rowKey, value: value)
    }

    /// - Returns: `nil` for a row that another version wrote, or that is damaged.
    init?(_ row: SyncRow) {
        guard row.table == .relay, row.key == Self.rowKey, let value = row.value, value.first == Self.version,
            value.count >= 9, (value.count - 9).isMultiple(of: Self.spenderLength)
        else { return nil }
        day = Int64(truncatingIfNeeded: SyncRow.number(value[1..<9]))
        for start in stride(from: 9, to: value.count, by: Self.spenderLength) {
            guard let owner = Bytes32(Array(value[start..<start + 32])) else { return nil }
            spent[PublicKey(owner)] = Int(clamping: SyncRow.number(value[start + 32..<start + 36]))
        }
    }
}
