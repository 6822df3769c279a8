// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why an account is not mirrored any more, until an operator adds it again.
public enum AccountStop: String, Hashable, Sendable, Codable, CaseIterable {
    /// An operator removed it: it stays removed whatever the configuration names.
    case removed
    /// Its description asks not to be mirrored.
    case declined
    /// The configuration denies it (`bridge.deny`).
    case denied
    /// Its owner has a key of their own, and the operator ended the mirror.
    case claimed
    /// Its owner has the mirror's key: we may never sign with it again.
    case handedOver = "handed-over"

    /// For the operator.
    public var text: String {
        switch self {
        case .removed: "removed"
        case .declined: "its description asks not to be mirrored"
        case .denied: "bridge.deny names it"
        case .claimed: "its owner writes on Nostr under a key of their own"
        case .handedOver: "its owner has its key"
        }
    }
}
