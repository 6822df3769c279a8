// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import NostrCore
import Telemetry
import TweetBridge
import TweetCore

/// What ties the bridge to others than X's lists and relays: Redis, X's other direction, webhooks, moderators on Nostr.
struct BridgeLinks {
    /// The name under which a user's tokens are kept: there is one user.
    static let user = "user"
    /// How long an ended job is remembered: **milliseconds**.
    private static let jobAge: Int64 = 30 * 86_400_000

    let tokens: UserTokens?
    private let store: BridgeStore
    private let logger: Logger
    private let inbox: RedisInbox?
    private let worker: OutboundWorker?
    private let webhooks: Webhooks
    private let decisions: DecisionFollower

    /// - Parameter relay: this one's key.
    init(
        _ settings: BridgeLinkSettings, store: BridgeStore, relay: PublicKey, client: XClient,
        tokens: UserTokens?, webhookSecret: Secret?, metering: BridgeMetering, logger: Logger
    ) throws {
        self.tokens = tokens
        self.store = store
        self.logger = logger
        let meters = metering.links
        inbox = try Self.inbox(settings, store, meters, logger)
        var outbound = OutboundSettings()
        outbound.isAllowed = settings.isOutbound
        outbound.allowsLinks = settings.allowsLinks
        worker =
            settings.isOutbound
            ? OutboundWorker(store, OutboundDoor(client), outbound, observer: meters.writer, logger: logger)
            : nil
        let hooks = try settings.webhooks.map {
            try Webhook(
                url: $0, secret: webhookSecret ?? Secret(""), allowsPrivate: settings.allowsPrivateWebhooks)
        }
        for hook in hooks {
            logger.info(
                "webhook", metadata: [LogKey.webhook: "\(hook.name)", LogKey.address: "\(hook.host)"])
        }
        webhooks = Webhooks(hooks, of: store, logger: logger) { meters.webhooks[$0.rawValue].increment() }
        decisions = DecisionFollower(store, relay: relay, logger: logger) {
            meters.decisions.increment(by: $0)
        }
        if inbox != nil, !settings.isOutbound {
            logger.notice("bridge.outbound is off: what comes through redis is kept, and not done")
        }
    }

    /// Runs until it is cancelled.
    func run() async {
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await inbox?.run() }
            tasks.addTask { await worker?.run() }
            tasks.addTask { await webhooks.run() }
            tasks.addTask { await decisions.run() }
            tasks.addTask { await tidy() }
        }
    }

    /// Forgets jobs that ended long ago, once an hour: their keys keep second ones away until then.
    private func tidy() async {
        while !Task.isCancelled {
            let end = BridgeClock.system.now() - Self.jobAge
            do throws(BridgeStoreError) {
                while try await store.forgetJobs(endedBefore: end) > 0 {}
            } catch {
                logger.error("old jobs cannot be forgotten", metadata: [LogKey.error: "\(error)"])
            }
            do { try await Task.sleep(for: .seconds(3_600)) } catch { return }
        }
    }

    private static func inbox(
        _ settings: BridgeLinkSettings, _ store: BridgeStore, _ meters: BridgeLinkMeters, _ logger: Logger
    ) throws -> RedisInbox? {
        if settings.redisWriteQueue.isEmpty { return nil }
        var wanted = RedisInboxSettings(try RedisAddress(settings.redisWriteQueue))
        wanted.trustsApproval = settings.trustsRedisApprovals
        let news = InboxNews { event in
            switch event {
            case .connected: meters.inboxConnected.set(1)
            case .interrupted: meters.inboxConnected.set(0)
            case .taken(_, let standing, let isKnown):
                let isBelieved = standing != .approved || settings.trustsRedisApprovals
                meters.inbox[isKnown ? "known" : isBelieved ? standing.rawValue : "pending"].increment()
            case .rejected: meters.inbox["refused"].increment()
            }
        }
        return RedisInbox(wanted, into: store, logger: logger, news: news)
    }
}
