// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

extension Draft {
    mutating func enqueue(_ request: JobRequest) throws(BridgeStoreError) -> QueuedJob {
        if let number = try read(.job(keyed: request.key, in: request.queue)),
            let job = try read(.job(number))
        {
            return job
        }
        let number = (try read(.lastJob) ?? 0) + 1
        try write(.lastJob, number)
        var item: ModerationItem?
        if let screening = request.screening {
            item = try open(.job(number), account: request.account, screening)
        }
        var job = QueuedJob(
            number: number, queue: request.queue, action: request.action, payload: request.payload,
            key: request.key, priority: request.priority, notBefore: request.notBefore,
            moderation: item?.number, at: now)
        if item?.state == .approved { _ = job.admit() }
        if item?.state == .rejected { _ = job.refuse(at: now) }
        try save(job, instead: nil)
        return job
    }

    /// Writes a job and where it is found.
    mutating func save(_ job: QueuedJob, instead before: QueuedJob?) throws(BridgeStoreError) {
        if job == before { return }
        let (old, new) = (before?.places ?? [], job.places)
        for place in old.subtracting(new) { try remove(place) }
        for place in new.subtracting(old) { try enter(place, job.number) }
        try write(.job(job.number), job)
    }

    mutating func forget(_ job: QueuedJob) throws(BridgeStoreError) {
        for place in job.places { try remove(place) }
        try remove(.job(job.number))
    }

    private mutating func enter(_ place: JobPlace, _ number: UInt64) throws(BridgeStoreError) {
        if case .key(let queue, let key) = place { return try write(.job(keyed: key, in: queue), number) }
        try mark(BridgeTables.queue, place.key)
    }

    private mutating func remove(_ place: JobPlace) throws(BridgeStoreError) {
        if case .key(let queue, let key) = place { return try remove(.job(keyed: key, in: queue)) }
        try unmark(BridgeTables.queue, place.key)
    }

    /// Whether a job may be handed out: whatever its own row says, the item has the last word.
    mutating func isApproved(_ job: QueuedJob) throws(BridgeStoreError) -> Bool {
        guard let number = job.moderation else { return true }
        return try read(.item(number))?.state == .approved
    }

    /// What a worker could not do, for good.
    mutating func fail(_ number: UInt64?, by worker: String, reason: String) throws(BridgeStoreError) {
        guard let number, var item = try read(.item(number)) else { return }
        let before = item
        guard let entry = item.become(.failed, by: .worker(worker), reason: reason, at: now) else { return }
        try save(item, instead: before, entry)
    }

    mutating func approveAgain(_ number: UInt64?) throws(BridgeStoreError) {
        guard let number, var item = try read(.item(number)), item.state == .failed else { return }
        let before = item
        guard let entry = item.become(.approved, by: .worker("retry"), reason: "to be tried again", at: now)
        else { return }
        try save(item, instead: before, entry)
    }
}

extension JobPlace {
    fileprivate var key: RowKey {
        switch self {
        case .key(let queue, let key): RowPlace<UInt64>.job(keyed: key, in: queue).key
        case .ready(let queue, let priority, let notBefore, let number):
            RowKey("r").with(queue).with(byte: 0).with(byte: priority).with(ms: notBefore).with(number)
        case .leased(let until, let number): RowKey("l").with(ms: until).with(number)
        case .dead(let number): RowKey("d").with(number)
        case .ended(let moment, let number): RowKey("x").with(ms: moment).with(number)
        }
    }
}
