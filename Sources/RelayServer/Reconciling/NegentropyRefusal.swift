// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why a reconciliation was refused or ended, as a label: the word before the colon of a `NEG-ERR`.
public enum NegentropyRefusal: String, Sendable, CaseIterable {
    case authRequired = "auth-required"
    case restricted
    case blocked
    case rateLimited = "rate-limited"
    case invalid
    case unsupported
    case closed
    case error
    /// A word that a policy put there.
    case other

    init(_ reason: String) {
        self = NegentropyRefusal(rawValue: String(reason.prefix { $0 != ":" })) ?? .other
    }
}
