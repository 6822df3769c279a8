// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XFailure {
    /// One word for metrics and logs; nothing that X wrote.
    public var label: String {
        switch self {
        case .limited: "limited"
        case .usageCapped: "usage_capped"
        case .outOfCredits: "out_of_credits"
        case .unauthorized: "unauthorized"
        case .forbidden: "forbidden"
        case .staleSince: "stale_since"
        case .absent: "absent"
        case .invalid: "invalid"
        case .transient: "transient"
        case .overBudget: "over_budget"
        }
    }
}
