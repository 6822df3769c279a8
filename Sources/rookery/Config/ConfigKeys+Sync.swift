// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules

extension ConfigKeys {
    /// One year, the longest span of time that a key takes, in **seconds**.
    private static let year = 31_536_000.0

    static let sync: [ConfigKey] = [
        .flag("sync.enabled", \.sync.isEnabled),
        .list("sync.bootstrap", \.sync.bootstrap, show: \.text, parse: relayURL),
        .flag("sync.allow_private_addresses", \.sync.allowsPrivateAddresses),
        .flag("sync.negentropy", \.sync.usesNegentropy),
        .span("sync.batch_window_ms", \.sync.batchWindow, unit: .milliseconds, in: 0...600_000),
        .span("sync.quick_reconnect_window_s", \.sync.quickReconnectWindow, unit: .seconds, in: 0...year),
        .integer("sync.consolidation_threshold", \.sync.consolidationThreshold, in: 1...100_000),
        .span(
            "sync.disconnect_check_interval_s", \.sync.disconnectCheckInterval, unit: .seconds,
            in: 0.01...86_400),
        hours,
        .span("sync.backoff_base_s", \.sync.backoffBase, unit: .seconds, in: 0.001...86_400),
        .span("sync.backoff_max_s", \.sync.backoffMax, unit: .seconds, in: 0.001...year),
        .span("sync.rate_limit_pause_s", \.sync.rateLimitPause, unit: .seconds, in: 0.001...86_400),
        .span("sync.dead_after_hours", \.sync.deadAfter, unit: .hours, in: 0.000_000_1...8760),
        .span("sync.dead_retry_hours", \.sync.deadRetry, unit: .hours, in: 0.000_000_1...8760),
        .span("sync.misbehaving_after_s", \.sync.misbehavingAfter, unit: .seconds, in: 0...year),
        .span(
            "sync.misbehaving_pause_hours", \.sync.misbehavingPause, unit: .hours, in: 0.000_000_1...8760),
        .span("sync.overlap_s", \.sync.overlap, unit: .seconds, in: 0...year),
        .span("sync.answer_timeout_s", \.sync.answerTimeout, unit: .seconds, in: 0.001...3600),
        .span("sync.heartbeat_s", \.sync.heartbeat, unit: .seconds, in: 0.001...86_400),
        .span("sync.cursor_interval_ms", \.sync.cursorInterval, unit: .milliseconds, in: 1...86_400_000),
        .span(
            "sync.information_lifetime_s", \.sync.informationLifetime, unit: .seconds, in: 0.001...year),
        .integer("sync.max_relays", \.sync.maxRelays, in: 1...1_000_000),
        .span("sync.stuck_after_s", \.sync.stuckAfter, unit: .seconds, in: 0.01...year),
        .text("sync.ca_file", \.sync.caFile),
        .list("sync.archive", \.sync.archive, max: 10_000, show: \.description, parse: archivePattern),
        .choice("sync.git_data", \.sync.gitData),
    ]

    private static let hours = ConfigKey(path: "sync.daily_resync_hours", kind: .numbers) {
        settings, value throws(ConfigProblem) in
        guard case .numbers(let bounds) = value, bounds.count == 2 else {
            throw ConfigProblem("must be a list of two numbers, [from, to]")
        }
        var hours: [Double] = []
        for bound in bounds { hours.append(try ConfigKey.number(.number(bound), in: 0.000_000_1...8760)) }
        guard hours[0] <= hours[1] else { throw ConfigProblem("the first hour must not be above the second") }
        settings.sync.dailyResyncHours = hours[0]...hours[1]
    } read: {
        .numbers([$0.sync.dailyResyncHours.lowerBound, $0.sync.dailyResyncHours.upperBound])
    }

    @Sendable static func relayURL(_ text: String) throws(ConfigProblem) -> RelayURL {
        do { return try RelayURL(text) } catch {
            throw ConfigProblem(
                "must be a relay's URL like wss://relay.example.com, not \(ConfigKey.shown(text))")
        }
    }

    @Sendable private static func archivePattern(_ text: String) throws(ConfigProblem) -> ArchivePattern {
        guard text.utf8.count <= 1024, let pattern = ArchivePattern(text) else {
            let forms = "\"npub…\", \"npub…/identifier\", \"identifier\" or \"*\""
            throw ConfigProblem("must hold \(forms), not \(ConfigKey.shown(text))")
        }
        return pattern
    }
}
