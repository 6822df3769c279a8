// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import Logging
import NostrCore
import Telemetry
import TweetCore

/// Takes up what the older stack's producers push into Redis, and puts it into the bridge's own queue.
///
/// ```
/// write_queue ──BLMOVE──▶ write_queue:processing ──▶ our queue, on the disk ──LREM──▶ gone
///                                      └─ what cannot be understood ──▶ write_queue:rejected
/// ```
/// An item is in one of these places whenever anything ends, and the key of its job makes the second taking up the first:
/// nothing is lost, nothing is done twice. What is not approved waits for a moderator, whoever pushed it.
public struct RedisInbox: Sendable {
    private let store: BridgeStore
    private let settings: RedisInboxSettings
    private let clock: BridgeClock
    private let logger: Logger
    private let news: InboxNews

    public init(
        _ settings: RedisInboxSettings, into store: BridgeStore, clock: BridgeClock = .system, logger: Logger,
        news: InboxNews = InboxNews()
    ) {
        self.settings = settings
        self.store = store
        self.clock = clock
        self.logger = logger
        self.news = news
    }

    /// Runs until it is cancelled, and ends within a second of that.
    public func run() async {
        let link = RedisLink(settings.address)
        await withTaskCancellationHandler {
            await serve(link)
        } onCancel: {
            link.interrupt()
        }
        await link.close()
    }

    private func serve(_ link: RedisLink) async {
        var wait = settings.backoff.first
        while !Task.isCancelled {
            do {
                try await link.connect()
                logger.info("redis inbox connected", metadata: [LogKey.address: "\(settings.address)"])
                news.tell(.connected)
                wait = settings.backoff.first
                try await takeUpAgain(link)
                while !Task.isCancelled { try await takeOne(link) }
            } catch {
                if Task.isCancelled { return }
                news.tell(.interrupted)
                logger.warning(
                    "redis inbox interrupted",
                    metadata: [
                        LogKey.address: "\(settings.address)", LogKey.error: "\(error)",
                        LogKey.retryIn: "\(Duration.milliseconds(wait).brief)",
                    ])
                do { try await clock.sleep(wait) } catch { return }
                wait = min(wait * 2, settings.backoff.most)
            }
        }
    }

    /// What somebody had in hand when they ended.
    private func takeUpAgain(_ link: RedisLink) async throws {
        while !Task.isCancelled {
            let reply = try await link.ask(["LRANGE", settings.processing, "0", "99"])
            guard case .list(let items) = reply, !items.isEmpty else { return }
            for case .bytes(let item) in items { try await take(item, link) }
        }
    }

    private func takeOne(_ link: RedisLink) async throws {
        // The first of the list, to the end of the other: in the order in which they were pushed.
        let words = [
            "BLMOVE", settings.list, settings.processing, "LEFT", "RIGHT", "\(Double(settings.wait) / 1_000)",
        ]
        guard case .bytes(let item) = try await link.ask(words, wait: settings.wait) else { return }
        try await take(item, link)
    }

    private func take(_ item: [UInt8], _ link: RedisLink) async throws {
        switch Result(catching: { () throws(OutboundOrder.Refusal) in try QueueMessage(reading: item) }) {
        case .failure(let refusal): return try await reject(item, refusal.description, link)
        case .success(let message):
            do throws(BridgeStoreError) { try await keep(message) } catch {
                switch error {
                case .tooMuch, .refused: return try await reject(item, error.description, link)
                // The disk, or others who were faster: the item stays where it is and is taken up again.
                case .busy, .conflict, .missing, .unreadable, .failed: throw error
                }
            }
        }
        _ = try await link.ask([Array("LREM".utf8), Array(settings.processing.utf8), Array("1".utf8), item])
    }

    private func keep(_ message: QueueMessage) async throws(BridgeStoreError) {
        let isKnown = try store.job(keyed: message.key, in: OutboundQueue.name) != nil
        let effect: ModerationRule.Effect =
            switch message.standing {
            case .approved: settings.trustsApproval ? .approve : .ask
            case .pending: .ask
            case .rejected: .reject
            }
        let ruling = ModerationRuling(effect: effect, hits: ["redis: \(message.standing.rawValue)"])
        _ = try await store.enqueue([
            JobRequest(
                OutboundQueue.name, message.action, payload: message.payload, key: message.key,
                screening: Screening(ruling, preview: message.preview))
        ])
        news.tell(.taken(action: message.action, message.standing, known: isKnown))
    }

    /// Puts aside what cannot be done, in one step with taking it out of hand.
    private func reject(_ item: [UInt8], _ reason: String, _ link: RedisLink) async throws {
        logger.warning(
            "redis inbox item rejected",
            metadata: [LogKey.reason: "\(reason)", LogKey.size: .number(item.count)])
        let record = JSONOutput.object {
            $0.member("reason", reason)
            $0.member("rejected_at", at: clock.now())
            $0.member("item", String(decoding: item.prefix(settings.rejectedBytes), as: UTF8.self))
        }
        func words(_ words: String...) -> [[UInt8]] { words.map { Array($0.utf8) } }
        try await link.all([
            words("LPUSH", settings.rejected) + [record],
            words("LTRIM", settings.rejected, "0", "\(max(1, settings.rejectedMax) - 1)"),
            words("LREM", settings.processing, "1") + [item],
        ])
        news.tell(.rejected(reason))
    }
}
