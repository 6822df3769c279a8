// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules

extension ConfigKeys {
    /// One year, the longest span of time that a key takes, in **seconds**.
    private static let year = 31_536_000.0

    static let sync: [ConfigKey] = [
        .flag("sync.enabled", \.sync.isEnabled).about("Whether anything is gathered from upstream relays."),
        .list("sync.bootstrap", \.sync.bootstrap, show: \.text, parse: relayURL)
            .about(
                "Relays that are asked about every repository: never dropped, and they may have private addresses."
            ),
        .flag("sync.allow_private_addresses", \.sync.allowsPrivateAddresses)
            .about(
                "Whether loopback, private and link-local addresses are dialled when announcements name them."
            ),
        .flag("sync.negentropy", \.sync.usesNegentropy)
            .about(
                "Whether histories are reconciled (NIP-77) with relays that can, so that only what differs is sent; else all are read page by page."
            ),
        .span("sync.batch_window_ms", \.sync.batchWindow, unit: .milliseconds, in: 0...600_000)
            .about("How long announcements are gathered before it is planned anew what to ask."),
        .span("sync.quick_reconnect_window_s", \.sync.quickReconnectWindow, unit: .seconds, in: 0...year)
            .about(
                "After an absence up to this long, history is asked for from the cursor on; else all of it."
            ),
        .integer("sync.consolidation_threshold", \.sync.consolidationThreshold, in: 1...100_000)
            .about("Live subscriptions at one relay above which their filters are packed anew."),
        .span(
            "sync.disconnect_check_interval_s", \.sync.disconnectCheckInterval, unit: .seconds,
            in: 0.01...86_400
        ).about("How often it is looked at which connections are of no use any more."),
        hours,
        .span("sync.backoff_base_s", \.sync.backoffBase, unit: .seconds, in: 0.001...86_400)
            .about(
                "The first wait before a relay that failed is dialled again; drawn, and doubled each time."),
        .span("sync.backoff_max_s", \.sync.backoffMax, unit: .seconds, in: 0.001...year)
            .about("What that wait grows to."),
        .span("sync.rate_limit_pause_s", \.sync.rateLimitPause, unit: .seconds, in: 0.001...86_400)
            .about("How long a relay that says `rate-limited:` is asked nothing."),
        .span("sync.dead_after_hours", \.sync.deadAfter, unit: .hours, in: 0.000_000_1...8760)
            .about("A relay that has failed for so long is dead."),
        .span("sync.dead_retry_hours", \.sync.deadRetry, unit: .hours, in: 0.000_000_1...8760)
            .about("How often a dead relay is tried."),
        .span("sync.misbehaving_after_s", \.sync.misbehavingAfter, unit: .seconds, in: 0...year)
            .about("A relay that has broken the rules for so long is misbehaving."),
        .span(
            "sync.misbehaving_pause_hours", \.sync.misbehavingPause, unit: .hours, in: 0.000_000_1...8760
        )
        .about("How long a misbehaving relay is left alone."),
        .span("sync.overlap_s", \.sync.overlap, unit: .seconds, in: 0...year)
            .about("How far before its cursor a resumed history begins."),
        .span("sync.answer_timeout_s", \.sync.answerTimeout, unit: .seconds, in: 0.001...3600)
            .about("How long a relay may take to answer a request."),
        .span("sync.heartbeat_s", \.sync.heartbeat, unit: .seconds, in: 0.001...86_400)
            .about("After this long without a word a relay is asked whether it is there."),
        .span("sync.cursor_interval_ms", \.sync.cursorInterval, unit: .milliseconds, in: 1...86_400_000)
            .about("How often a relay's cursor is written at most."),
        .span(
            "sync.information_lifetime_s", \.sync.informationLifetime, unit: .seconds, in: 0.001...year
        )
        .about("How long a relay's NIP-11 is believed."),
        .integer("sync.max_relays", \.sync.maxRelays, in: 1...1_000_000)
            .about("Upstream relays followed at once."),
        .span("sync.stuck_after_s", \.sync.stuckAfter, unit: .seconds, in: 0.01...year)
            .about(
                "When nothing was confirmed or stored for so long although there is work, `/healthz/sync` says so."
            ),
        .text("sync.ca_file", \.sync.caFile)
            .about("Certificates to trust upstream besides the system's, in PEM."),
        .list("sync.archive", \.sync.archive, max: 10_000, show: \.description, parse: archivePattern)
            .about(
                "Repositories followed although they do not list us: `npub…`, `npub…/identifier`, `identifier`, `*`."
            ),
        .choice("sync.git_data", \.sync.gitData)
            .about("`required` needs a git service, which is not part of this version."),
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
    }.taking("[from, to], 0.0000001 … 8760 hours")
        .about("The time between two audits of a relay, drawn between these two.")

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
