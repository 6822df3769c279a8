// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
public import TweetCore

/// A job to be put into a queue.
public struct JobRequest: Hashable, Sendable {
    /// 1 … 32 bytes.
    public var queue: String
    public var action: String
    public var payload: String
    /// No second job of the queue has it: the second is the first.
    public var key: String
    public var priority: UInt8
    /// **Milliseconds** since 1970.
    public var notBefore: Int64
    /// What the rules said; without it, the job needs no approval.
    public var screening: Screening?
    /// For whom.
    public var account: UserID?

    public init(
        _ queue: String, _ action: String, payload: String, key: String, priority: UInt8 = 128,
        notBefore: Int64 = 0, screening: Screening? = nil, account: UserID? = nil
    ) {
        self.queue = queue
        self.action = action
        self.payload = payload
        self.key = key
        self.priority = priority
        self.notBefore = notBefore
        self.screening = screening
        self.account = account
    }
}

extension BridgeStore {
    public func job(_ number: UInt64) throws(BridgeStoreError) -> QueuedJob? { try read(.job(number)) }

    /// By its key.
    public func job(keyed key: String, in queue: String) throws(BridgeStoreError) -> QueuedJob? {
        guard let number = try read(.job(keyed: key, in: queue)) else { return nil }
        return try job(number)
    }

    /// All jobs by number, those behind `after`.
    public func jobs(after: UInt64? = nil, limit: Int) throws(BridgeStoreError) -> [QueuedJob] {
        try values(
            BridgeTables.queue, RowKey("j"), after: after.map { RowPlace.job($0).key }, limit: limit,
            as: QueuedJob.self)
    }

    /// Jobs that are given up, by number, those behind `after`.
    public func deadJobs(after: UInt64? = nil, limit: Int) throws(BridgeStoreError) -> [QueuedJob] {
        var jobs: [QueuedJob] = []
        let start = after.map { RowKey("d").with($0).bytes }
        for row in try rows(BridgeTables.queue, RowKey("d"), after: start, limit: limit) {
            var reader = KeyReader(row.key)
            if let number = reader.number(), let job = try job(number) { jobs.append(job) }
        }
        return jobs
    }

    /// Puts jobs into their queues, in one transaction.
    ///
    /// - Returns: each of them; one whose key is known is the job that has it.
    public func enqueue(_ requests: [JobRequest]) async throws(BridgeStoreError) -> [QueuedJob] {
        for request in requests {
            guard (1...32).contains(request.queue.utf8.count), (1...32).contains(request.action.utf8.count)
            else {
                throw .refused("a queue and an action have names of 1 to 32 bytes")
            }
            guard request.payload.utf8.count <= limits.payloadBytes else { throw .tooMuch("a job's payload") }
        }
        let jobs = try await change { draft throws(BridgeStoreError) in
            var jobs: [QueuedJob] = []
            for request in requests { jobs.append(try draft.enqueue(request)) }
            return jobs
        }
        for queue in Set(requests.map(\.queue)) { tell(.jobs(queue: queue)) }
        if requests.contains(where: { $0.screening != nil }) { tell(.moderation) }
        return jobs
    }

    /// Hands out jobs of a queue: by priority, then by when they were due. None that is not approved.
    ///
    /// - Parameter span: **milliseconds** until it is taken for lost.
    public func lease(
        from queue: String, to worker: String, for span: Int64, limit: Int = 1
    ) async throws(BridgeStoreError) -> [QueuedJob] {
        try await change { draft throws(BridgeStoreError) in
            var jobs: [QueuedJob] = []
            // Looked up each time: others may have taken those that were first.
            for number in try ready(in: queue, limit: limit) {
                guard let before = try draft.read(.job(number)), try draft.isApproved(before) else {
                    continue
                }
                var job = before
                guard job.lease(to: worker, for: span, at: draft.now) != nil else { continue }
                try draft.save(job, instead: before)
                jobs.append(job)
            }
            return jobs
        }
    }

    /// Numbers of jobs that are due, in the order in which they are handed out.
    private func ready(in queue: String, limit: Int) throws(BridgeStoreError) -> [UInt64] {
        let (prefix, moment) = (RowKey("r").with(queue).with(byte: 0), UInt64(clamping: now()))
        var numbers: [UInt64] = []
        var start: [UInt8]?
        while numbers.count < limit {
            let rows = try rows(BridgeTables.queue, prefix, after: start, limit: limit)
            guard let last = rows.last else { break }
            start = last.key
            for row in rows where numbers.count < limit {
                var reader = KeyReader(row.key, skipping: prefix.bytes.count)
                guard let priority = reader.byte(), let due = reader.number(), let number = reader.number()
                else { continue }
                guard due <= moment else {
                    // Nothing more is due at this priority.
                    start = prefix.with(byte: priority).behind
                    break
                }
                numbers.append(number)
            }
        }
        return numbers
    }

    /// Makes jobs of a queue due that wait for their next try: what they wait for is there. At most 1,000 of them.
    public func hasten(_ queue: String) async throws(BridgeStoreError) {
        let prefix = RowKey("r").with(queue).with(byte: 0)
        let numbers = try rows(BridgeTables.queue, prefix, limit: 1_000).compactMap { row in
            var reader = KeyReader(row.key, skipping: prefix.bytes.count + 9)
            return reader.number()
        }
        try await change { draft throws(BridgeStoreError) in
            for number in numbers {
                guard let before = try draft.read(.job(number)) else { continue }
                var job = before
                if job.hasten(at: draft.now) { try draft.save(job, instead: before) }
            }
        }
        tell(.jobs(queue: queue))
    }

    /// When the next job of a queue is due, or the next lease of any ends: **milliseconds** since 1970.
    public func nextJob(in queue: String) throws(BridgeStoreError) -> Int64? {
        let prefix = RowKey("r").with(queue).with(byte: 0)
        var moments: [Int64] = []
        var start: [UInt8]?
        while let row = try rows(BridgeTables.queue, prefix, after: start, limit: 1).first {
            var reader = KeyReader(row.key, skipping: prefix.bytes.count)
            guard let priority = reader.byte(), let due = reader.number() else { break }
            moments.append(Int64(clamping: due))
            start = prefix.with(byte: priority).behind
        }
        if let row = try rows(BridgeTables.queue, RowKey("l"), limit: 1).first {
            var reader = KeyReader(row.key)
            if let until = reader.number() { moments.append(Int64(clamping: until)) }
        }
        return moments.min()
    }

    /// The worker has done it: the item that was approved is executed in the same transaction.
    ///
    /// - Throws: ``BridgeStoreError/conflict(_:)`` when the lease was lost.
    public func acknowledge(_ job: QueuedJob) async throws(BridgeStoreError) {
        try await step(job) { draft, row, lease throws(BridgeStoreError) in
            guard row.acknowledge(lease, at: draft.now) else { throw .conflict("job \(job.number)") }
            try draft.execute(row.moderation, by: lease.worker)
        }
    }

    /// The worker needs longer.
    ///
    /// - Returns: the job with its lease as it is now.
    public func extend(_ job: QueuedJob, for span: Int64) async throws(BridgeStoreError) -> QueuedJob {
        try await step(job) { draft, row, lease throws(BridgeStoreError) in
            guard row.extend(lease, for: span, at: draft.now) else { throw .conflict("job \(job.number)") }
        }
    }

    /// The worker could not do it; where that is for good, the item that was approved has failed.
    @discardableResult
    public func fail(
        _ job: QueuedJob, _ failure: RetryClass, _ reason: String, policy: JobRetries = JobRetries(),
        using chance: inout some RandomNumberGenerator & Sendable
    ) async throws(BridgeStoreError) -> QueuedJob {
        // The change may be worked out more than once: each time with the same chance.
        let seed = chance
        defer { _ = chance.next() }
        return try await step(job) { draft, row, lease throws(BridgeStoreError) in
            var chance = seed
            guard row.fail(lease, failure, reason, policy: policy, at: draft.now, using: &chance) else {
                throw .conflict("job \(job.number)")
            }
            if row.state == .dead { try draft.fail(row.moderation, by: lease.worker, reason: reason) }
        }
    }

    /// Takes jobs back whose workers did not come back, some at a time.
    ///
    /// - Parameter all: whatever time they have left: at a start every worker is one of a process that has ended.
    /// - Returns: how many.
    public func sweepLeases(
        all: Bool = false, limit: Int = 100, policy: JobRetries = JobRetries(),
        using chance: inout some RandomNumberGenerator & Sendable
    ) async throws(BridgeStoreError) -> Int {
        let moment = UInt64(clamping: now())
        var numbers: [UInt64] = []
        for row in try rows(BridgeTables.queue, RowKey("l"), limit: limit) {
            var reader = KeyReader(row.key)
            guard let until = reader.number(), all || until <= moment, let number = reader.number() else {
                break
            }
            numbers.append(number)
        }
        if numbers.isEmpty { return 0 }
        let seed = chance
        defer { _ = chance.next() }
        let queues = try await change { draft throws(BridgeStoreError) in
            var chance = seed
            var queues: [String] = []
            for number in numbers {
                guard let before = try draft.read(.job(number)) else { continue }
                var job = before
                guard job.expire(policy: policy, isDead: all, at: draft.now, using: &chance) else { continue }
                try draft.save(job, instead: before)
                if job.state == .dead {
                    try draft.fail(job.moderation, by: "sweep", reason: job.lastError ?? "")
                }
                queues.append(job.queue)
            }
            return queues
        }
        for queue in Set(queues) { tell(.jobs(queue: queue)) }
        return queues.count
    }

    /// Has a dead job tried again; where it needs approval, what failed is approved as before.
    public func revive(_ number: UInt64) async throws(BridgeStoreError) {
        let queue = try await change { draft throws(BridgeStoreError) in
            guard let before = try draft.read(.job(number)) else { throw .missing("job \(number)") }
            var job = before
            guard job.revive(at: draft.now) else { throw .refused("job \(number) is \(job.state.rawValue)") }
            try draft.save(job, instead: before)
            try draft.approveAgain(job.moderation)
            return job.queue
        }
        tell(.jobs(queue: queue))
    }

    /// Forgets jobs that ended before a moment (**milliseconds** since 1970), some at a time; then their keys are free again.
    ///
    /// - Returns: how many.
    public func forgetJobs(endedBefore moment: Int64, limit: Int = 500) async throws(BridgeStoreError) -> Int
    {
        var numbers: [UInt64] = []
        for row in try rows(BridgeTables.queue, RowKey("x"), limit: limit) {
            var reader = KeyReader(row.key)
            guard let ended = reader.number(), ended < UInt64(clamping: moment), let number = reader.number()
            else { break }
            numbers.append(number)
        }
        return try await change { draft throws(BridgeStoreError) in
            for number in numbers {
                if let job = try draft.read(.job(number)) { try draft.forget(job) }
            }
            return numbers.count
        }
    }

    @discardableResult
    private func step(
        _ job: QueuedJob,
        _ take: (inout Draft, inout QueuedJob, QueuedJob.Lease) throws(BridgeStoreError) -> Void
    ) async throws(BridgeStoreError) -> QueuedJob {
        guard let lease = job.lease else { throw .refused("job \(job.number) is not leased") }
        return try await change { draft throws(BridgeStoreError) in
            guard let before = try draft.read(.job(job.number)) else { throw .conflict("job \(job.number)") }
            var row = before
            try take(&draft, &row, lease)
            try draft.save(row, instead: before)
            return row
        }
    }
}
