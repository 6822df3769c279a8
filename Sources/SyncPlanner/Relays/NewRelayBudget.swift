// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// How many relays that nobody knew each owner has made us dial today: announcements by one stranger must not
/// send us all over the world.
struct NewRelayBudget: Hashable, Sendable {
    var day: Int64 = .min
    var spent: [PublicKey: Int] = [:]

    init() {}

    /// Whether there are owners, and all of them have spent what they have for the day.
    func isSpent(byAll owners: Set<PublicKey>, at wall: Timestamp, most: Int) -> Bool {
        wall.seconds / 86_400 == day && !owners.isEmpty && owners.allSatisfy { spent[$0, default: 0] >= most }
    }

    /// Charges one of the owners that name a new relay.
    ///
    /// - Returns: whether one of them had something left.
    @discardableResult
    mutating func charge(oneOf owners: Set<PublicKey>, at wall: Timestamp, most: Int) -> Bool {
        if wall.seconds / 86_400 != day {
            day = wall.seconds / 86_400
            spent = [:]
        }
        let least = owners.min { (spent[$0, default: 0], $0) < (spent[$1, default: 0], $1) }
        guard let least, spent[least, default: 0] < most else { return false }
        spent[least, default: 0] += 1
        return true
    }
}
