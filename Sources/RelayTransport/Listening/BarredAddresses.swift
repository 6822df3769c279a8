// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// Addresses that are refused for a while.
struct BarredAddresses: Sendable {
    private var ends: [AddressKey: NIODeadline] = [:]

    func contains(_ key: AddressKey, at now: NIODeadline) -> Bool {
        guard let end = ends[key] else { return false }
        return now < end
    }

    /// - Parameter limit: so many are kept; one more is not taken in while all of them last.
    mutating func insert(_ key: AddressKey, until end: NIODeadline, at now: NIODeadline, limit: Int) {
        if ends.count >= limit { ends = ends.filter { now < $0.value } }
        if ends.count < limit || ends[key] != nil { ends[key] = end }
    }
}
