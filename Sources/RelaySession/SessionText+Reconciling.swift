// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The sentences of `NEG-ERR` (NIP-77).
extension SessionText {
    static let noNegentropy = "blocked: negentropy is not offered here"
    static let notReconciling = "closed: no reconciliation of this id is open"
    static let noRoomForSet = "error: too much is being reconciled, try again later"
    static let severalFilters = "error: the relay's policy answered with several filters instead of one"
    static func tooManyReconciliations(_ most: Int) -> String {
        "error: too many reconciliations, at most \(most) may be open"
    }
    static func tooManyEvents(_ most: Int) -> String { "blocked: more than \(most) events match" }
    static func nothingSaid(for patience: Duration) -> String {
        "closed: nothing was said for \(patience.components.seconds) s"
    }

    /// What can be seen of a message's text at once.
    static func refusal(ofNegentropy message: TagValue) -> String? {
        if message.isEmpty { return "\(invalid) an empty negentropy message" }
        return message.bytes.count.isMultiple(of: 2) ? nil : "\(invalid) an odd number of hexadecimal digits"
    }
}
