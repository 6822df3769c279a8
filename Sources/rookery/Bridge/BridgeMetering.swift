// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import NIOConcurrencyHelpers
import NostrCore
import Telemetry
import TweetBridge
import TweetCore

/// Counts what the bridge tells, and writes what an operator wants to know to the log.
final class BridgeMetering: BridgeObserver, XObserver, PostingObserver {
    let meters: BridgeMeters
    let links: BridgeLinkMeters
    let logger: Logger
    private let stand = NIOLockedValueBox((standing: BridgeStanding(), polled: Set<UserID>()))
    private let tally = NIOLockedValueBox(BridgeTally())

    init(_ registry: MetricsRegistry, logger: Logger) {
        meters = BridgeMeters(registry)
        links = BridgeLinkMeters(registry)
        self.logger = logger
    }

    /// What happened since the start.
    var now: BridgeTally { tally.withLockedValue { $0 } }

    var standing: BridgeStanding { stand.withLockedValue { $0.standing } }
    /// Accounts that were asked about since the start.
    var polledAccounts: Int { stand.withLockedValue { $0.polled.count } }
    func stood(_ change: (inout BridgeStanding) -> Void) { stand.withLockedValue { change(&$0.standing) } }
    func renewed() { stood { $0.renewed() } }

    // MARK: BridgeObserver

    func kept(_ posts: Int, new: Int, of scope: FetchScope?) {
        meters.fetched.increment(by: posts)
        tally.withLockedValue { $0.fetched += posts }
    }

    func mirrored(_ post: PostID, _ event: EventID, kind: Kind) {
        meters.mirrored["\(kind)"].increment()
        tally.withLockedValue { $0.mirrored += 1 }
        logger.debug("a post is mirrored", metadata: [LogKey.post: "\(post)", LogKey.event: "\(event)"])
    }

    func leftOut(_ post: PostID, _ reason: String) {
        meters.leftOut.increment()
        tally.withLockedValue { $0.leftOut += 1 }
        logger.info("a post is not mirrored", metadata: [LogKey.post: "\(post)", LogKey.reason: "\(reason)"])
    }

    func rehearsed(_ post: PostID, _ act: Rehearsal) {
        meters.rehearsed[act.rawValue].increment()
        logger.info(
            "a dry run leaves something undone",
            metadata: [LogKey.post: "\(post)", LogKey.reason: "\(act.rawValue)"])
    }

    func tookBack(_ post: PostID, _ reason: DeletionReason) {
        meters.takenBack.increment()
        tally.withLockedValue { $0.takenBack += 1 }
        logger.info(
            "a mirrored post is taken back",
            metadata: [LogKey.post: "\(post)", LogKey.reason: "\(reason.rawValue)"])
    }

    func polled(_ account: UserID?, failures: Int64, _ failure: XFailure?) {
        tally.withLockedValue { tally in
            tally.polls += 1
            if failure != nil { tally.failedPolls += 1 }
        }
        let now = BridgeClock.system.now()
        stand.withLockedValue { stand in
            if let account, stand.polled.count < PlannerLimits.accounts { stand.polled.insert(account) }
            if case .absent? = failure {
                // An answer all the same.
                stand.standing.answered(nil, at: now)
            } else if failure == nil {
                stand.standing.answered(account, at: now)
            } else {
                stand.standing.failed(account, failures: failures, at: now)
            }
        }
        guard let failure else { return }
        // Once or twice is the weather (R6).
        let level: Logger.Level = failures < 3 ? .warning : .error
        var facts: Logger.Metadata = [
            LogKey.error: "\(failure.label)", LogKey.failedCount: .number(Int(failures)),
        ]
        if let account { facts[LogKey.account] = "\(account)" }
        logger.log(
            level: level,
            failures > 5 ? "X could not be asked: somebody should look" : "X could not be asked",
            metadata: facts)
    }

    func unreadable(_ account: UserID, _ absence: Absence) {
        logger.warning(
            "an account cannot be read",
            metadata: [LogKey.account: "\(account)", LogKey.reason: "\(absence.rawValue)"])
    }

    func leased(_ account: UserID, isOurs: Bool) {
        logger.notice(
            isOurs ? "an account is taken over from another bridge" : "another bridge has the account",
            metadata: [LogKey.account: "\(account)"])
    }

    func lost(_ scope: FetchScope, _ gap: PostGap) {
        logger.warning(
            "posts of a search may be missing: it was left more than a week ago",
            metadata: [LogKey.list: "\(scope.text)", LogKey.change: "\(gap.low) to \(gap.high)"])
    }

    func profilePublished(_ account: UserID) {
        logger.info("a profile is published", metadata: [LogKey.account: "\(account)"])
    }

    func failed(_ what: String, _ error: String) {
        meters.faults.increment()
        stood { $0.faulted(at: BridgeClock.system.now()) }
        logger.error(
            "the bridge could not do something",
            metadata: [LogKey.reason: "\(what)", LogKey.error: "\(error)"])
    }

    func hindered(_ what: String, _ reason: String) {
        meters.faults.increment()
        logger.warning(
            "the bridge could not do something yet",
            metadata: [LogKey.reason: "\(what)", LogKey.error: "\(reason)"])
    }

    // MARK: XObserver

    func requested(
        _ route: XRoute, with asker: Asker, result: String, milliseconds: Int64,
        requestID: String?
    ) {
        meters.requests[route.rawValue, result].increment()
    }

    func waits(_ route: XRoute, milliseconds: Int64, after result: String) {
        logger.notice(
            "waiting before X is asked again",
            metadata: [
                LogKey.reason: "\(result)", LogKey.retryIn: "\(Duration.milliseconds(milliseconds).brief)",
            ])
    }

    func spent(_ amount: Int64, today: Int64, for purpose: SpendPurpose) {
        meters.spent["\(purpose)"].increment(by: Int(amount))
        meters.spentToday.set(Double(today))
        tally.withLockedValue { $0.spentToday = today }
    }

    func renewed(_ asker: Asker) { logger.info("a token of X was renewed") }

    func changed(to vocabulary: Vocabulary) {
        logger.notice("X is asked in other words", metadata: [LogKey.change: "\(vocabulary)"])
    }

    func streaming(_ isConnected: Bool) {
        meters.stream.set(isConnected ? 1 : 0)
        tally.withLockedValue { $0.isStreaming = isConnected }
        logger.info(isConnected ? "the activity stream is connected" : "the activity stream is gone")
    }

    // MARK: PostingObserver

    func sent(to relay: RelayURL) {}

    func settled(_ outcome: DeliveryOutcome, at relay: RelayURL) {
        meters.deliveries[Self.label(outcome)].increment()
    }

    private static func label(_ outcome: DeliveryOutcome) -> String {
        switch outcome {
        case .accepted: "accepted"
        case .rejected: "rejected"
        case .old: "old"
        case .again: "again"
        case .unsent: "unsent"
        }
    }

    func failed(_ reason: String, at relay: RelayURL, retryIn: Duration) {
        logger.warning(
            "a relay cannot be posted to",
            metadata: [
                LogKey.relay: "\(relay)", LogKey.error: "\(reason)", LogKey.retryIn: "\(retryIn.brief)",
            ])
    }
}

/// What a bridge did since it was started.
struct BridgeTally: Hashable, Sendable {
    var polls = 0
    var failedPolls = 0
    var fetched = 0
    var mirrored = 0
    var leftOut = 0
    var takenBack = 0
    /// **Micro-dollars**.
    var spentToday: Int64 = 0
    var isStreaming = false
}
