// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import Logging
import NostrCore
import Telemetry
import TweetCore

/// Does on X what was approved here, one thing after the other.
///
/// A post is marked before it is sent, and unmarked when X has answered: one whose answer never came is not sent again but
/// given to the operator, as X has no way to ask whether it was made. What X made is never mirrored back.
public final class OutboundWorker: Sendable {
    private let store: BridgeStore
    private let door: OutboundDoor
    private let settings: OutboundSettings
    private let clock: BridgeClock
    private let observer: any OutboundObserver
    private let logger: Logger
    private let bell = Doorbell()

    public init(
        _ store: BridgeStore, _ door: OutboundDoor, _ settings: OutboundSettings,
        clock: BridgeClock = .system,
        observer: any OutboundObserver = SilentOutboundObserver(), logger: Logger
    ) {
        self.store = store
        self.door = door
        self.settings = settings
        self.clock = clock
        self.observer = observer
        self.logger = logger
        store.observe { [bell] news in
            if news == .jobs(queue: OutboundQueue.name) { bell.ring() }
        }
    }

    /// Runs until it is cancelled; at once back where nothing is allowed.
    public func run() async {
        guard settings.isAllowed else { return }
        var failures: Int64 = 0
        while !Task.isCancelled {
            do throws(BridgeStoreError) {
                while !Task.isCancelled, try await step() { failures = 0 }
                // What is due next was tried before: what is new is due at once.
                let wait = try store.nextJob(in: OutboundQueue.name).map { max(0, $0 - clock.now()) }
                observer.backsOff(milliseconds: wait ?? 0)
                await bell.wait(max(10, min(settings.idle, wait ?? .max)), clock)
            } catch {
                failures += 1
                logger.error("outbound queue failed", metadata: [LogKey.error: "\(error)"])
                await bell.wait(min(60_000, 1_000 << min(failures, 6)), clock)
            }
        }
    }

    /// Does the next job that is due.
    ///
    /// - Returns: whether there was one.
    func step() async throws(BridgeStoreError) -> Bool {
        guard settings.isAllowed else { return false }
        var chance = SystemRandomNumberGenerator()
        _ = try await store.sweepLeases(using: &chance)
        let jobs = try await store.lease(from: OutboundQueue.name, to: settings.worker, for: settings.lease)
        guard let job = jobs.first else { return false }
        observer.backsOff(milliseconds: 0)
        do throws(BridgeStoreError) { try await perform(job) } catch {
            // Its time was over and somebody else has it.
            guard case .conflict = error else { throw error }
        }
        return true
    }

    private func perform(_ job: QueuedJob) async throws(BridgeStoreError) {
        let (wasTried, made) = try store.wasSending(job)
        // Only the last step was missing.
        if made != nil { return try await finish(job) }
        switch OutboundDecision(job, settings, wasTried: wasTried, mirrors: try origin(of: job)) {
        case .refuse(let reason):
            try await fail(job, .permanent, reason)
            // The mark has done its work: who has it tried again has looked.
            if wasTried { try await store.unmarkSending(job) }
        case .post(let draft):
            try await store.markSending(job)
            switch await Self.attempt({ () throws(OutboundDoor.Failure) in try await door.post(draft) }) {
            case .success(let id):
                let event = Self.order(of: job)?.event
                try await store.noteSent(job, as: id, from: event)
                try await finish(job)
            case .failure(let failed):
                let retry = OutboundDecision.retry(
                    after: failed.failure, mayBeMade: failed.mayBeDone, at: clock.now())
                if !failed.mayBeDone { try await store.unmarkSending(job) }
                let doubt = failed.mayBeDone ? "; it may be posted: look, then have it tried again" : ""
                try await fail(job, retry, failed.failure.outboundReason + doubt, failed.failure.label)
                if failed.mayBeDone { try await store.unmarkSending(job) }
            }
        case .delete(let id):
            switch await Self.attempt({ () throws(OutboundDoor.Failure) in try await door.delete(id) }) {
            case .success(true): try await acknowledge(job)
            case .success(false): try await fail(job, .permanent, "X did not remove it")
            case .failure(let failed):
                // It is gone, as it should be.
                if case .absent(.deleted, _) = failed.failure { return try await acknowledge(job) }
                let retry = OutboundDecision.retry(after: failed.failure, mayBeMade: false, at: clock.now())
                try await fail(job, retry, failed.failure.outboundReason, failed.failure.label)
            }
        }
    }

    private func origin(of job: QueuedJob) throws(BridgeStoreError) -> PostID? {
        guard let event = Self.order(of: job)?.event else { return nil }
        return try store.origin(of: event)
    }

    private func finish(_ job: QueuedJob) async throws(BridgeStoreError) {
        try await acknowledge(job)
        try await store.unmarkSending(job)
    }

    private func acknowledge(_ job: QueuedJob) async throws(BridgeStoreError) {
        try await store.acknowledge(job)
        observer.processed(job.action)
        logger.info(
            "outbound action done", metadata: [LogKey.job: "\(job.number)", LogKey.action: "\(job.action)"])
    }

    /// - Parameter label: for the log, where the reason has words of others.
    private func fail(
        _ job: QueuedJob, _ retry: RetryClass, _ reason: String, _ label: String? = nil
    ) async throws(BridgeStoreError) {
        var chance = SystemRandomNumberGenerator()
        let after = try await store.fail(job, retry, reason, using: &chance)
        if after.state == .dead { observer.processed(job.action) }
        logger.warning(
            "outbound action failed",
            metadata: [
                LogKey.job: "\(job.number)", LogKey.action: "\(job.action)",
                LogKey.status: "\(after.state.rawValue)",
                LogKey.attempts: "\(after.attempts)", LogKey.reason: "\(label ?? reason)",
            ])
    }

    private static func order(of job: QueuedJob) -> OutboundOrder? {
        do { return try OutboundOrder(job.action, payload: Array(job.payload.utf8)) } catch { return nil }
    }

    private static func attempt<Value>(
        _ work: () async throws(OutboundDoor.Failure) -> Value
    ) async -> Result<Value, OutboundDoor.Failure> {
        do { return .success(try await work()) } catch { return .failure(error) }
    }
}
