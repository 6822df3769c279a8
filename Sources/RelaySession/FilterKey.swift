// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The field of a filter that it is filed under, with the hashes of its values.
enum FilterKey: Hashable, Sendable {
    case ids([ValueHash])
    case authors([ValueHash])
    case tag(_ letter: UInt8, [ValueHash])
    case kinds([ValueHash])
    /// It has no list at all.
    case everything

    /// `nil`: whatever its values, every event must be tested.
    var values: [ValueHash]? {
        switch self {
        case .ids(let values), .authors(let values), .tag(_, let values), .kinds(let values): values
        case .everything: nil
        }
    }
}
