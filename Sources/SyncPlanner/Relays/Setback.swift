// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// An item that failed and waits for its next try.
struct Setback: Hashable, Sendable {
    var backoff: Backoff
    /// For the operator: what failed, and what the relay says of it; one text for all that failed together.
    let reason: String

    /// Failures in a row.
    var attempts: Int { backoff.attempts }
    /// No new attempt before.
    var notBefore: Uptime? { backoff.notBefore }
    /// The one of these two that ends last.
    func outlasting(_ other: Setback?) -> Setback {
        guard let other, other.notBefore ?? .zero > notBefore ?? .zero else { return self }
        return other
    }

    /// The same, of an item that waits for a subscription shared with others: to ask for it alone helps nobody.
    var once: Setback { Setback(backoff: Backoff(attempts: 1, notBefore: notBefore), reason: reason) }
}
