// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetBridge
import TweetCore

extension Settings {
    /// What the bridge goes by.
    ///
    /// - Parameter relay: where readers find this relay; named in events.
    func bridgeConfiguration(relay: String) -> BridgeConfiguration {
        var configuration = BridgeConfiguration()
        configuration.handles = bridge.accounts
        configuration.refusals = Refusals(denied: Set(bridge.denied))
        configuration.takesBackHidden = bridge.hidden == .delete
        configuration.handOverDirectory = dataDirectory + "/handed-over"
        let metricsInterval = Self.milliseconds(bridge.metricsInterval)
        configuration.planner.metricsInterval = metricsInterval > 0 ? metricsInterval : nil
        configuration.planner.pollInterval = Self.milliseconds(bridge.pollInterval)
        configuration.planner.pagesPerPoll = bridge.maxPagesPerPoll
        configuration.planner.concurrency = bridge.concurrency
        configuration.planner.backfill = bridge.backfill
        configuration.planner.sweepInterval = Self.milliseconds(bridge.sweepInterval)
        configuration.planner.terms = Set(
            bridge.track.compactMap { track in
                switch track {
                case .mentions: .mentions
                case .replies: .replies
                case .quotes: nil
                }
            })
        configuration.planner.asksQuotes = bridge.track.contains(.quotes)
        configuration.conversion.style = bridge.style
        configuration.conversion.prefix = bridge.prefix
        configuration.conversion.suffix = bridge.suffix
        configuration.conversion.relay = relay
        configuration.conversion.nip05Domain = self.relay.domain
        configuration.relays = bridge.relays
        configuration.context = bridge.context
        configuration.blossomServers = bridge.blossomServers
        configuration.media = bridge.media
        configuration.ownServer = mediaBase ?? ""
        configuration.holdsEdits = bridge.holdsEdits
        configuration.rules = bridge.rules
        configuration.isDryRun = bridge.isDryRun
        configuration.moderationRules = ModerationRules(
            bridge.moderationRules.map(\.rule), otherwise: bridge.moderationOtherwise)
        configuration.moderation = bridge.moderation == .queue ? configuration.moderationRules : nil
        return configuration
    }

    /// The money that may be spent in a day, in **micro-dollars**.
    var bridgeCap: Int64 { Int64((bridge.dailySpendCapUSD * 1_000_000).rounded(.down)) }

    private static func milliseconds(_ span: Duration) -> Int64 {
        let (seconds, attoseconds) = span.components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}
