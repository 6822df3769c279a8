// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import RepositoryRules

/// Decides inside the writer's transaction, and puts what is accepted. Confined to the writer's thread.
///
/// It sees earlier events of the same batch, and when something is stored it looks again at every held
/// event for which that may make a difference, until nothing changes.
final class Gatekeeper {
    /// What became of one event, before the transaction has a number.
    enum Outcome {
        case stored
        case verdict(Verdict)
    }

    private var admission: Admission
    private let capacity: Int
    private var groups: GroupCache
    private(set) var holding: HoldingArea
    private var ephemerals: RecentSet<EventID>
    /// Ephemeral events of the open transaction, to be handed out after it.
    private var passing: [Event] = []
    private var passingIDs: Set<EventID> = []
    /// What is banned and may be stored.
    private var clearing = Clearing()
    /// Whether ``doChores(_:reading:in:)`` has something to do; an earlier run may have left some.
    var hasChores = true
    /// Whether the last chore was to fill a table that others do without: it can wait for room.
    private(set) var isBuilding = false
    /// Whether held events may join what makes them acceptable in this transaction.
    private var releases = true

    init(_ admission: Admission, limits: IngestLimits) {
        self.admission = admission
        capacity = limits.cachedAnnouncementBytes
        groups = Self.groups(admission.curatedRules, capacity: capacity)
        holding = HoldingArea(limits: limits.holding)
        ephemerals = RecentSet(capacity: limits.ephemeralIDs)
    }

    private var grasp: GraspAdmission? {
        if case .grasp(let rules) = admission.curatedRules { rules } else { nil }
    }

    private static func groups(_ rules: AdmissionRules, capacity: Int) -> GroupCache {
        guard case .grasp(let admission) = rules else {
            return GroupCache(interest: RepositoryInterest(service: nil), capacity: capacity)
        }
        return GroupCache(interest: admission.interest, capacity: capacity)
    }

    /// Judges by these rules and lists from the next transaction on; what is stored stays.
    func adopt(_ admission: Admission) {
        guard admission.edition != self.admission.edition else { return }
        let isRuledOtherwise = admission.curatedRules != self.admission.curatedRules
        if isToClear(admission) {
            clearing = Clearing(admission.lists)
            hasChores = true
        }
        self.admission = admission
        if isRuledOtherwise { groups = Self.groups(admission.curatedRules, capacity: capacity) }
    }

    /// Whether everything that is banned is to go since the last ``adopt(_:)``.
    func isToClear(_ admission: Admission) -> Bool { admission.clearings != self.admission.clearings }

    /// A transaction begins.
    ///
    /// - Parameter releases: `false` where the store may have no room for what is held.
    func begin(at now: Timestamp, releases: Bool = true) {
        self.releases = releases
        holding.expire(at: now)
        holding.begin()
        forgetPassing()
    }

    /// The transaction is on disk.
    ///
    /// - Returns: ephemeral events that are to be handed out now.
    func committed() -> [Event] {
        holding.commit()
        for event in passing { ephemerals.insert(event.id) }
        defer { forgetPassing() }
        return passing
    }

    /// Nothing of the transaction happened.
    func rolledBack() {
        holding.rollback()
        clearing.rolledBack()
        groups.forget()
        forgetPassing()
    }

    /// Judges one event and puts it if it may be stored.
    func settle(
        _ event: Event, from source: IngestSource, in writer: inout StoreWriter
    ) throws(StoreError) -> Outcome {
        // The lists may have changed since the event was verified.
        if let refusal = admission.lists.refusal(of: event, from: source) {
            return .verdict(.rejected(refusal))
        }
        if event.kind.isEphemeral { return .verdict(try pass(event, from: source, in: writer)) }
        switch try decide(event, from: source, in: writer) {
        case .accept:
            let outcome = try put(event, in: &writer)
            if case .stored = outcome, grasp != nil { try releaseHeld(after: event, in: &writer) }
            return outcome
        case .hold:
            if try writer.contains(event.id) { return .verdict(.duplicate) }
            if try writer.hasVanished(event) { return .verdict(.rejected(.vanished)) }
            holding.hold(event, at: writer.now)
            return .verdict(event.kind.isAnchor ? .held : .heldForLength)
        case .refuse(let text):
            return .verdict(.rejected(.rule(text)))
        }
    }

    private func decide(
        _ event: Event, from source: IngestSource, in writer: borrowing StoreWriter
    ) throws(StoreError) -> AdmissionDecision {
        // What is bridged here is to be here, whatever is taken of others.
        guard let grasp, source != .bridge, !admission.welcomed.contains(event) else { return .accept }
        return try grasp.judge(event, in: AcceptedInTransaction(view: writer.view, groups: groups))
    }

    private func pass(
        _ event: Event, from source: IngestSource, in writer: borrowing StoreWriter
    ) throws(StoreError) -> Verdict {
        if ephemerals.contains(event.id) || passingIDs.contains(event.id) { return .duplicate }
        if try writer.hasVanished(event) { return .rejected(.vanished) }
        switch try decide(event, from: source, in: writer) {
        case .accept:
            passing.append(event)
            passingIDs.insert(event.id)
            return .ephemeral
        case .hold: return .rejected(.unrelated)
        case .refuse(let text): return .rejected(.rule(text))
        }
    }

    private func forgetPassing() {
        passing = []
        passingIDs = []
    }

    /// Removes some of what has expired (NIP-40), and says how much.
    func removeExpired(limit: Int, in writer: inout StoreWriter) throws(StoreError) -> Int {
        defer { groups.removed(writer.takeRemovals()) }
        return try writer.removeExpired(limit: limit)
    }

    /// Removes what the operator wants to be gone.
    func run(_ errand: Errand, in writer: inout StoreWriter) throws(StoreError) {
        try errand.run(in: &writer)
        if case .trees = errand.order { hasChores = true }
        groups.removed(writer.takeRemovals())
    }

    /// Does what a request to vanish (NIP-62) asks for, here and among what is held or passing by.
    private func forget(_ request: Event, in writer: inout StoreWriter) throws(StoreError) {
        let (pubkey, time) = (request.pubkey, request.createdAt)
        try writer.vanish(pubkey, upTo: time)
        holding.releaseAll(of: pubkey, upTo: time)
        passing.removeAll { $0.pubkey == pubkey && $0.createdAt <= time }
        // Not what it removed by now, but what it hides.
        groups.forget()
        hasChores = true
    }

    /// What is left to do when nobody waits: removes what vanished and what is banned, and fills tables that follow from
    /// others.
    ///
    /// - Returns: whether there is more.
    func doChores(
        _ limits: IngestLimits, reading rows: Int, in writer: inout StoreWriter
    ) throws(StoreError) -> Bool {
        defer { groups.removed(writer.takeRemovals()) }
        isBuilding = false
        if try writer.sweepVanished(limit: limits.vanishSweepEvents) { return true }
        if try clearing.step(admission.lists, limit: limits.clearingEvents, in: &writer) { return true }
        do throws(StoreError) { return try writer.buildDerived(limit: rows) } catch {
            if case .full = error { isBuilding = true }
            throw error
        }
    }

    private func put(_ event: Event, in writer: inout StoreWriter) throws(StoreError) -> Outcome {
        let outcome = try writer.put(event)
        if outcome == .stored, admission.vanishing.isMeant(by: event) { try forget(event, in: &writer) }
        groups.removed(writer.takeRemovals())
        return switch outcome {
        case .stored: .stored
        case .duplicate: .verdict(.duplicate)
        case .superseded: .verdict(.superseded)
        case .deleted: .verdict(.rejected(.deleted))
        case .expired: .verdict(.rejected(.expired))
        case .vanished: .verdict(.rejected(.vanished))
        case .unindexable(let reason): .verdict(.rejected(.unindexable(reason)))
        }
    }
}

extension Gatekeeper {
    /// Looks again at held events, until nothing more can be accepted.
    private func releaseHeld(after event: Event, in writer: inout StoreWriter) throws(StoreError) {
        var stored = [event]
        while let event = stored.popLast() {
            holding.release(event.id)
            let candidates = candidates(after: event)
            guard releases else { return }
            for candidate in candidates where holding.entries[candidate.id] != nil {
                // Whoever sent it: what is banned by now stays out.
                guard admission.lists.refusal(of: candidate, from: .importer) == nil,
                    try decide(candidate, from: .importer, in: writer) == .accept
                else { continue }
                holding.release(candidate.id)
                if case .stored = try put(candidate, in: &writer) { stored.append(candidate) }
            }
        }
    }

    private func candidates(after event: Event) -> [Event] {
        switch event.kind {
        case .repositoryAnnouncement:
            guard let announcement = RepositoryAnnouncement(event, for: groups.interest.service) else {
                return []
            }
            let identifier = announcement.identifier
            let gained = groups.stored(announcement)
            let authorised =
                gained.map { holding.waiting(forRepository: identifier, by: $0) }
                ?? holding.waiting(forRepository: identifier)
            return authorised + holding.waiting(for: event)
        default:
            return holding.waiting(for: event)
        }
    }
}
