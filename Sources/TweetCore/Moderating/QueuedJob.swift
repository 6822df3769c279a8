// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A job of a durable queue: handed to one worker at a time, and gone only when that worker says that it is done.
///
/// Every method is one step; the caller writes the value and ``places`` in one transaction, on the condition that the row is
/// still as it was read. So of two who take the same step one takes it.
public struct QueuedJob: Hashable, Sendable, Codable {
    public let number: UInt64
    public let queue: String
    public let action: String
    /// JSON, or whatever the worker reads.
    public private(set) var payload: String
    /// No second job of the queue has it.
    public let key: String
    /// 0 is handed out first.
    public var priority: UInt8
    /// What must be approved first.
    public let moderation: UInt64?
    public private(set) var state: State
    /// How often it was handed out.
    public private(set) var attempts = 0
    /// Failures in a row; a limit or a pause is none.
    public private(set) var failures = 0
    public private(set) var failingSince: Int64?
    /// **Milliseconds** since 1970.
    public private(set) var notBefore: Int64
    public private(set) var lease: Lease?
    public private(set) var lastError: String?
    public let createdAt: Int64
    public private(set) var endedAt: Int64?

    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// For approval. → `ready`, `refused`
        case waiting
        /// → `leased`, `refused`, `waiting`
        case ready
        /// → `done`, `ready`, `dead`
        case leased
        case done
        /// → `ready`, when somebody says so
        case dead
        case refused
    }

    public struct Lease: Hashable, Sendable, Codable {
        public let worker: String
        public var until: Int64
        /// Grows from lease to lease: who has an older one has lost it.
        public let fence: Int
    }

    public init(
        number: UInt64, queue: String, action: String, payload: String, key: String, priority: UInt8 = 128,
        notBefore: Int64 = 0, moderation: UInt64? = nil, at now: Int64
    ) {
        self.number = number
        self.queue = queue
        self.action = action
        self.payload = payload
        self.key = key
        self.priority = priority
        self.moderation = moderation
        self.notBefore = max(notBefore, 0)
        state = moderation == nil ? .ready : .waiting
        createdAt = now
    }

    /// It was approved.
    public mutating func admit() -> Bool {
        guard state == .waiting else { return false }
        state = .ready
        return true
    }

    /// It is to be approved once more.
    public mutating func suspend() -> Bool {
        guard state == .ready, moderation != nil else { return false }
        state = .waiting
        return true
    }

    /// It is not to be done. A job that is in somebody's hands is not stopped.
    public mutating func refuse(at now: Int64) -> Bool {
        guard state == .waiting || state == .ready || state == .dead else { return false }
        end(as: .refused, at: now)
        return true
    }

    /// Hands it out; `nil` when it is not to be had at this moment.
    public mutating func lease(to worker: String, for span: Int64, at now: Int64) -> Lease? {
        guard state == .ready, notBefore <= now else { return nil }
        attempts += 1
        let lease = Lease(worker: worker, until: now + span, fence: attempts)
        self.lease = lease
        state = .leased
        return lease
    }

    /// The worker needs longer.
    public mutating func extend(_ lease: Lease, for span: Int64, at now: Int64) -> Bool {
        guard holds(lease) else { return false }
        self.lease?.until = now + span
        return true
    }

    /// The worker has done it.
    public mutating func acknowledge(_ lease: Lease, at now: Int64) -> Bool {
        guard holds(lease) else { return false }
        end(as: .done, at: now)
        return true
    }

    /// The worker could not do it.
    public mutating func fail(
        _ lease: Lease, _ failure: RetryClass, _ reason: String, policy: JobRetries, at now: Int64,
        using chance: inout some RandomNumberGenerator
    ) -> Bool {
        guard holds(lease) else { return false }
        lastError = String(reason.prefix(ModerationBounds.reasonCharacters))
        self.lease = nil
        switch failure {
        case .permanent: end(as: .dead, at: now)
        case .limited(let until): returned(notBefore: max(now, until) + policy.margin)
        case .paused(let until): returned(notBefore: until.map { max(now, $0) } ?? now + policy.pause)
        case .transient: failed(policy, at: now, using: &chance)
        }
        return true
    }

    /// The worker's time is over: it may be dead. Counts as a failure, so that a job that kills its workers ends.
    ///
    /// - Parameter isDead: the worker is known to be, and its time does not matter.
    public mutating func expire(
        policy: JobRetries, isDead: Bool = false, at now: Int64,
        using chance: inout some RandomNumberGenerator
    ) -> Bool {
        guard state == .leased, let lease, isDead || lease.until <= now else { return false }
        self.lease = nil
        lastError = "its worker did not come back"
        failed(policy, at: now, using: &chance)
        return true
    }

    /// What it waited for is there.
    public mutating func hasten(at now: Int64) -> Bool {
        guard state == .ready, notBefore > now else { return false }
        notBefore = now
        return true
    }

    /// Somebody wants it tried again.
    public mutating func revive(at now: Int64) -> Bool {
        guard state == .dead else { return false }
        (failures, failingSince, endedAt, notBefore) = (0, nil, nil, now)
        state = .ready
        return true
    }

    /// Whether this lease is the one that counts; its time may be over as long as nobody has swept it.
    public func holds(_ lease: Lease) -> Bool {
        state == .leased && self.lease?.fence == lease.fence && self.lease?.worker == lease.worker
    }

    private mutating func failed(
        _ policy: JobRetries, at now: Int64, using chance: inout some RandomNumberGenerator
    ) {
        failures += 1
        let since = failingSince ?? now
        failingSince = since
        if failures >= policy.attempts { return end(as: .dead, at: now) }
        returned(notBefore: now + policy.wait(after: failures, since: now - since, using: &chance))
    }

    private mutating func returned(notBefore moment: Int64) {
        state = .ready
        notBefore = moment
    }

    private mutating func end(as state: State, at now: Int64) {
        self.state = state
        lease = nil
        endedAt = now
        // Of what is done only the key is needed, so that it is not done again.
        if state == .done { payload = "" }
    }
}
