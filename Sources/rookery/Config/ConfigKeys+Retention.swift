// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RepositoryRules

extension ConfigKeys {
    /// `[retention]`: what is dropped as time goes by.
    static let retention: [ConfigKey] = [
        .list("retention.rules", \.retention.rules, show: \.description) { text throws(ConfigProblem) in
            do throws(RetentionRule.Unreadable) { return try RetentionRule(text) } catch {
                throw ConfigProblem("\(error): \(ConfigKey.shown(text))")
            }
        }
        .about(
            "How long events are kept: an age or `forever`, then `kinds=` and `authors=`, as in"
                + " `\"forever authors=npub1…\"`, `\"7d kinds=6,7\"`, `\"90d\"`. The first that concerns an event"
                + " decides; without `kinds=` an age concerns no replaceable or addressable event. What belongs to"
                + " a repository is never dropped."),
        .number("retention.max_size_gib", \.retention.maxSizeGiB, in: 0...1_048_576)
            .about(
                "What all events may take with their index entries, as `rookery stats` tells it (live); above it the"
                    + " oldest go. The file itself never shrinks. 0 for as much as there is room for."),
        .span("retention.interval_s", \.retention.interval, unit: .seconds, in: 1...604_800)
            .about("How often that is looked for."),
    ]
}
