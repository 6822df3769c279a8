// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RepositoryRules

/// `[retention]`: what is dropped, and how often that is looked for.
struct RetentionSettings: Hashable, Sendable {
    var rules: [RetentionRule] = []
    /// 0 for as much as there is room for.
    var maxSizeGiB = 0.0
    var interval = Duration.seconds(600)

    var plan: RetentionPlan {
        RetentionPlan(
            rules: rules, sizeMax: maxSizeGiB > 0 ? Int((maxSizeGiB * Double(1 << 30)).rounded()) : nil)
    }
}
