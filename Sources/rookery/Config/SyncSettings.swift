// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules

/// `[sync]`: what is gathered from upstream relays, and how gently.
struct SyncSettings: Sendable {
    var isEnabled = true
    /// Relays the operator named: never dropped, and they may be private addresses.
    var bootstrap: [RelayURL] = []
    var allowsPrivateAddresses = false
    var usesNegentropy = true
    var batchWindow = Duration.milliseconds(5000)
    var quickReconnectWindow = Duration.seconds(900)
    var consolidationThreshold = 70
    var disconnectCheckInterval = Duration.seconds(60)
    /// Hours between two audits, drawn from this range.
    var dailyResyncHours = 23.0...25.0
    var backoffBase = Duration.seconds(5)
    var backoffMax = Duration.seconds(3600)
    /// How long an upstream that says `rate-limited:` is asked nothing.
    var rateLimitPause = Duration.seconds(65)
    /// An upstream that failed for so long is dead and tried once in ``deadRetry``.
    var deadAfter = Duration.seconds(24 * 3600)
    var deadRetry = Duration.seconds(24 * 3600)
    var misbehavingAfter = Duration.seconds(600)
    var misbehavingPause = Duration.seconds(12 * 3600)
    /// How far before its cursor a resumed history starts.
    var overlap = Duration.seconds(900)
    var answerTimeout = Duration.seconds(30)
    var heartbeat = Duration.seconds(120)
    var cursorInterval = Duration.seconds(30)
    /// How long an upstream's NIP-11 is believed.
    var informationLifetime = Duration.seconds(3600)
    var maxRelays = 2000
    var stuckAfter = Duration.seconds(900)
    var caFile = ""
    /// Repositories followed although they do not list us.
    var archive: [ArchivePattern] = []
    var gitData = GitDataMode.off

    enum GitDataMode: String, CaseIterable, Sendable {
        case off, required
    }
}
