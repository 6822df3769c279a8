// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

extension Draft {
    /// Begins an item as the rules say.
    mutating func open(
        _ subject: ModerationItem.Subject, account: UserID?, _ screening: Screening
    ) throws(BridgeStoreError) -> ModerationItem {
        let number = (try read(.lastItem) ?? 0) + 1
        try write(.lastItem, number)
        let item = ModerationItem(
            number: number, subject: subject, account: account, state: screening.ruling.effect.state,
            preview: screening.preview, event: screening.event?.hex, hits: screening.ruling.hits, at: now)
        try write(.item(of: subject), number)
        if let event = screening.event { try write(.item(of: event), number) }
        if item.state == .approved { try countApproval(of: account) }
        try save(item, instead: nil, item.opening(by: .rules))
        return item
    }

    /// Writes an item, its place and its audit entry.
    mutating func save(
        _ item: ModerationItem, instead before: ModerationItem?, _ entry: AuditEntry
    ) throws(BridgeStoreError) {
        let table = BridgeTables.moderation
        if let before, before.state != item.state {
            try unmark(table, RowKey("p").with(byte: before.state.code).with(item.number))
        }
        try mark(table, RowKey("p").with(byte: item.state.code).with(item.number))
        try write(.item(item.number), item)
        try write(.audit(entry.item, entry.revision), entry)
        try mark(table, RowKey("t").with(ms: entry.at).with(entry.item).with(entry.revision))
    }

    /// Takes a decision, with what follows from it.
    ///
    /// - Returns: the item as it is now, and the queue of the job that it is about.
    mutating func decide(
        _ decision: ModerationDecision, by actor: Actor
    ) throws(BridgeStoreError) -> (ModerationItem, queue: String?) {
        let number: UInt64?
        switch decision.target {
        case .item(let item): number = item
        case .event(let id): number = try read(.item(of: id))
        case .post(let id): number = try read(.item(of: .post(id)))
        }
        guard let number, var item = try read(.item(number)) else { throw .missing("item") }
        if let seen = decision.revision, seen != item.revision { throw .conflict("item \(number)") }
        let before = item
        let next = decision.verdict.state
        if before.state == next { return (item, nil) }
        guard let entry = item.become(next, by: actor, reason: decision.reason, at: now) else {
            throw .refused("item \(number) is \(before.state.rawValue) and cannot become \(next.rawValue)")
        }
        try save(item, instead: before, entry)
        if next == .approved { try countApproval(of: item.account) }
        switch item.subject {
        case .post(let id):
            try follow(item, about: id, reason: decision.reason)
            return (item, nil)
        case .job(let number): return (item, try follow(item, aboutJob: number))
        }
    }

    private mutating func follow(
        _ item: ModerationItem, about id: PostID, reason: String
    ) throws(BridgeStoreError) {
        guard let author = item.account else { return }
        guard var todo = try read(.todo(author, id)) else {
            // What our own relay did not take is tried again.
            guard item.state == .approved, try read(.state(of: id))?.fate == .refused else { return }
            try remove(.state(of: id))
            let again = TodoRow(author: author, post: id, addedAt: now, moderation: item.number)
            return try write(.todo(author, id), again)
        }
        switch item.state {
        case .approved where todo.why == .moderation:
            todo.why = .new
            try write(.todo(author, id), todo)
        case .held:
            todo.why = .moderation
            try write(.todo(author, id), todo)
        case .rejected:
            try remove(.todo(author, id))
            try write(.state(of: id), PostState(.rejected, reason: reason, at: now))
        case .pending, .approved, .executed, .failed: break
        }
    }

    private mutating func follow(
        _ item: ModerationItem, aboutJob number: UInt64
    ) throws(BridgeStoreError) -> String? {
        guard var job = try read(.job(number)) else { return nil }
        let before = job
        switch item.state {
        case .approved:
            if !job.admit() { _ = job.revive(at: now) }
        case .rejected:
            guard job.refuse(at: now) || job.state == .refused else {
                throw .refused("job \(number) is being done")
            }
        case .held:
            guard job.suspend() || job.state == .waiting else {
                throw .refused("job \(number) is being done")
            }
        case .pending, .executed, .failed: break
        }
        try save(job, instead: before)
        return job.queue
    }

    /// Notes that an event decides.
    ///
    /// - Returns: whether it did not before.
    mutating func begins(_ event: EventID) throws(BridgeStoreError) -> Bool {
        let mark = RowKey("d").with(event)
        if try value(BridgeTables.moderation, mark) != nil { return false }
        try self.mark(BridgeTables.moderation, mark)
        return true
    }

    /// An item whose subject is no more.
    mutating func withdraw(_ number: UInt64?, reason: String) throws(BridgeStoreError) {
        guard let number, var item = try read(.item(number)) else { return }
        let before = item
        guard let entry = item.become(.rejected, by: .worker("bridge"), reason: reason, at: now) else {
            return
        }
        try save(item, instead: before, entry)
    }

    private mutating func countApproval(of account: UserID?) throws(BridgeStoreError) {
        guard let account else { return }
        var tally = try read(.approvals(of: account)) ?? HourlyTally()
        tally.add(at: now)
        try write(.approvals(of: account), tally)
    }
}
