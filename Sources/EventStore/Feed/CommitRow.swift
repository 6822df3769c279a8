// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// A commit as the log holds it.
///
///     first serial 8 ‖ one past the last 8 ‖ removals 4 ‖ removal …
///     removal = reason 1 ‖ kind 2 ‖ id 32 ‖ pubkey 32 ‖ identifier's length 4, or FFFFFFFF ‖ identifier
struct CommitRow: Sendable {
    /// Stored by the commit, as far as they are still there.
    var serials: Range<UInt64>
    var removed: [Removal]

    private static let noAddress = UInt32.max

    func encoded() -> [UInt8] {
        var row: [UInt8] = []
        row.reserveCapacity(20 + removed.count * 96)
        row.append(bigEndian: serials.lowerBound)
        row.append(bigEndian: serials.upperBound)
        row.append(bigEndian: UInt32(clamping: removed.count))
        for removal in removed {
            row.append(removal.reason.rawValue)
            row.append(bigEndian: removal.kind.rawValue)
            row.append(contentsOf: removal.id.bytes.bytes)
            row.append(contentsOf: removal.pubkey.bytes.bytes)
            guard let address = removal.address else {
                row.append(bigEndian: Self.noAddress)
                continue
            }
            row.append(bigEndian: UInt32(clamping: address.identifier.bytes.count))
            row.append(contentsOf: address.identifier.bytes)
        }
        return row
    }

    init(serials: Range<UInt64>, removed: [Removal]) {
        self.serials = serials
        self.removed = removed
    }

    init(_ row: Span<UInt8>) throws(StoreError) {
        guard row.count >= 20, row.word(at: 0) <= row.word(at: 8) else { throw Self.damaged }
        serials = row.word(at: 0)..<row.word(at: 8)
        removed = []
        var offset = 20
        for _ in 0..<row.half(at: 16) {
            guard offset + 71 <= row.count, let reason = RemovalReason(rawValue: row[offset]),
                let id = Bytes32(row.extracting((offset + 3)..<(offset + 35))),
                let key = Bytes32(row.extracting((offset + 35)..<(offset + 67)))
            else { throw Self.damaged }
            var removal = Removal(
                id: EventID(id), kind: Kind(row.quarter(at: offset + 1)), pubkey: PublicKey(key),
                address: nil,
                reason: reason)
            let length = row.half(at: offset + 67)
            offset += 71
            if length != Self.noAddress {
                guard offset + Int(length) <= row.count else { throw Self.damaged }
                let identifier = row.extracting(offset..<(offset + Int(length)))
                removal.address = EventAddress(
                    kind: removal.kind, pubkey: removal.pubkey,
                    identifier: TagValue(bytes: identifier.withUnsafeBufferPointer { Array($0) }))
                offset += Int(length)
            }
            removed.append(removal)
        }
    }

    private static let damaged = StoreError.corrupt("an unreadable row of the commit log")
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
