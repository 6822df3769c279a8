// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
public import Logging
import NostrCore
import Telemetry
import TweetCore

/// Tells receivers of every post that is mirrored, at least once each.
///
/// The commits of the store are followed from a place that is kept, so nothing is missed while this is not running; a message
/// is a row of the queue until its receiver has taken it or is given up on, and each receiver has a queue of its own.
public final class Webhooks: Sendable {
    private let store: BridgeStore
    private let hooks: [Webhook]
    private let limits: WebhookLimits
    private let sender: WebhookSender
    private let clock: BridgeClock
    private let logger: Logger
    private let commits = Doorbell()
    private let bells: [String: Doorbell]

    private let place: KeptPlace
    private let news: @Sendable (WebhookNews) -> Void

    /// - Parameters:
    ///   - hooks: beyond ``WebhookLimits/hooks`` they are left out.
    ///   - news: told what becomes of messages; it must only count.
    public convenience init(
        _ hooks: [Webhook], of store: BridgeStore, limits: WebhookLimits = WebhookLimits(),
        clock: BridgeClock = .system, logger: Logger,
        news: @escaping @Sendable (WebhookNews) -> Void = { _ in }
    ) {
        let sender = WebhookSender(timeout: limits.timeout, clock: clock)
        self.init(hooks, of: store, limits: limits, sender: sender, clock: clock, logger: logger, news: news)
    }

    init(
        _ hooks: [Webhook], of store: BridgeStore, limits: WebhookLimits, sender: WebhookSender,
        clock: BridgeClock, logger: Logger, news: @escaping @Sendable (WebhookNews) -> Void
    ) {
        self.store = store
        self.news = news
        place = KeptPlace(store: store, key: StateKey("webhooks:cursor"), page: limits.commits)
        self.hooks = Array(hooks.prefix(limits.hooks))
        self.limits = limits
        self.sender = sender
        self.clock = clock
        self.logger = logger
        let bells = Dictionary(self.hooks.map { ($0.queue, Doorbell()) }) { first, _ in first }
        self.bells = bells
        store.observe { news in
            if case .jobs(let queue) = news { bells[queue]?.ring() }
        }
    }

    /// Runs until it is cancelled.
    public func run() async {
        if hooks.isEmpty { return }
        let subscription = store.store.feed.subscribe { [commits] _ in commits.ring() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await self.again(self.commits) { () async throws(BridgeStoreError) in
                    try await self.follow() ? 0 : 60_000
                }
            }
            for hook in hooks {
                group.addTask {
                    await self.again(self.bells[hook.queue] ?? self.commits) {
                        () async throws(BridgeStoreError) in
                        try await self.deliver(to: hook) ? 0 : try self.span(hook)
                    }
                }
            }
        }
        subscription.cancel()
    }

    /// - Parameter work: says for how many **milliseconds** there is nothing to do.
    private func again(
        _ bell: Doorbell, _ work: () async throws(BridgeStoreError) -> Int64
    ) async {
        while !Task.isCancelled {
            var span: Int64
            do throws(BridgeStoreError) { span = try await work() } catch {
                logger.error("webhooks failed", metadata: [LogKey.error: "\(error)"])
                span = 5_000
            }
            if span > 0 { await bell.wait(span, clock) }
        }
    }

    // MARK: From commits to messages

    /// Looks through the next commits.
    ///
    /// - Returns: whether there were any.
    func follow() async throws(BridgeStoreError) -> Bool {
        let step = try await place.step { event throws(BridgeStoreError) in
            guard let post = try store.mirrored(event.id)?.post else { return false }
            try await tell(of: event, post)
            return true
        }
        switch step {
        case .begun: return false
        case .missed:
            logger.warning("webhooks missed what is no longer in the log")
            return true
        case .read(let mayBeMore): return mayBeMore
        }
    }

    private func tell(of event: Event, _ post: PostID) async throws(BridgeStoreError) {
        let created = try store.post(post)?.snapshot.post.createdAt ?? event.createdAt.seconds * 1_000
        guard clock.now() - created <= limits.ageMax else { return }
        var requests: [JobRequest] = []
        for hook in hooks {
            guard try store.waiting(in: hook.queue, most: limits.waiting) < limits.waiting else {
                logger.warning("webhook has too much waiting", metadata: [LogKey.webhook: "\(hook.name)"])
                news(.leftOut)
                continue
            }
            requests.append(
                JobRequest(hook.queue, "post.mirrored", payload: event.id.hex, key: "hook:\(event.id.hex)"))
        }
        if !requests.isEmpty { _ = try await store.enqueue(requests) }
    }

    // MARK: From messages to receivers

    /// - Returns: whether there was anything to send.
    func deliver(to hook: Webhook) async throws(BridgeStoreError) -> Bool {
        var chance = SystemRandomNumberGenerator()
        _ = try await store.sweepLeases(using: &chance)
        let jobs = try await store.lease(
            from: hook.queue, to: "webhooks", for: limits.timeout * 3 + 60_000, limit: limits.inFlight)
        let answers = await withTaskGroup(of: (QueuedJob, WebhookAnswer).self) { group in
            for job in jobs { group.addTask { (job, await self.send(job, to: hook)) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for (job, answer) in answers { try await end(job, answer, hook) }
        return !jobs.isEmpty
    }

    private func send(_ job: QueuedJob, to hook: Webhook) async -> WebhookAnswer {
        do throws(BridgeStoreError) {
            // What was taken back meanwhile is no news.
            guard let body = try store.webhookBody(of: job.payload) else { return .delivered }
            return await sender.send(body, id: "\(hook.name)-\(job.number)", to: hook)
        } catch { return .failed(.transient, error.description) }
    }

    private func end(_ job: QueuedJob, _ answer: WebhookAnswer, _ hook: Webhook)
        async throws(BridgeStoreError)
    {
        do throws(BridgeStoreError) {
            switch answer {
            case .delivered:
                try await store.acknowledge(job)
                news(.delivered)
            case .failed(let retry, let reason):
                var chance = SystemRandomNumberGenerator()
                let policy = JobRetries(attempts: limits.attempts)
                let after = try await store.fail(job, retry, reason, policy: policy, using: &chance)
                news(after.state == .dead ? .givenUp : .again)
                guard after.state == .dead else { return }
                logger.warning(
                    "webhook message given up",
                    metadata: [
                        LogKey.webhook: "\(hook.name)", LogKey.job: "\(job.number)",
                        LogKey.reason: "\(reason)",
                    ])
            }
        } catch {
            // Its time was over; it is sent again.
            guard case .conflict = error else { throw error }
        }
    }

    private func span(_ hook: Webhook) throws(BridgeStoreError) -> Int64 {
        let next = try store.nextJob(in: hook.queue).map { $0 - clock.now() } ?? 60_000
        return max(10, min(60_000, next))
    }
}
