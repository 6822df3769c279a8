// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import SyncPlanner

/// Our own store as the planner sees it: grasp admission, a holding area, replaceables, deletions, a feed.
struct ModelStore {
    let admission: GraspAdmission
    /// Events that the holding area takes; beyond it they are lost.
    let holds: Int
    private(set) var events: [EventID: Event] = [:]
    private(set) var current: [EventAddress: EventID] = [:]
    private(set) var commits: [(stored: [Event], removed: [RemovedEvent])] = []
    /// Every event that was ever judged, whatever came of it.
    private(set) var judged: Set<EventID> = []
    /// How many copies of events that were known came in again.
    private(set) var repeats = 0
    private var held: [EventID: Event] = [:]
    private var deleted: Set<EventID> = []
    private var groups: [TagValue: RepositoryGroup] = [:]
    private var namedIDs: Set<EventID> = []
    private var namedAddresses: Set<EventAddress> = []

    init(admission: GraspAdmission, holds: Int) {
        self.admission = admission
        self.holds = holds
    }

    var position: CommitPosition { CommitPosition(UInt64(commits.count)) }

    /// Judges events in one commit, as the one door does.
    mutating func submit(_ events: [Event]) -> [Judgement] {
        var stored: [Event] = []
        var removed: [RemovedEvent] = []
        let position = CommitPosition(UInt64(commits.count + 1))
        let judgements = events.map { event -> Judgement in
            judged.insert(event.id)
            let judgement = judge(event, &stored, &removed)
            return judgement == .stored(.start) ? .stored(position) : judgement
        }
        while let event = held.values.sorted(by: { $0.id < $1.id }).first(where: isAcceptable) {
            held[event.id] = nil
            _ = put(event, &stored, &removed)
        }
        if !stored.isEmpty || !removed.isEmpty { commits.append((stored, removed)) }
        return judgements
    }

    func isAcceptable(_ event: Event) -> Bool { admission.judge(event, in: self) == .accept }

    /// Whether nothing would be gained by having this event: it is here, replaced or deleted.
    func has(_ event: Event) -> Bool {
        if events[event.id] != nil || deleted.contains(event.id) { return true }
        guard let address = event.address, let id = current[address], let newest = events[id] else {
            return false
        }
        return Event.newestFirst(newest, event)
    }

    private mutating func judge(
        _ event: Event, _ stored: inout [Event], _ removed: inout [RemovedEvent]
    ) -> Judgement {
        if events[event.id] != nil { repeats += 1 }
        if has(event) { return .known }
        switch admission.judge(event, in: self) {
        case .accept: return put(event, &stored, &removed)
        case .hold:
            if held.count < holds { held[event.id] = event }
            return .held
        case .refuse: return .refused
        }
    }

    private mutating func put(
        _ event: Event, _ stored: inout [Event], _ removed: inout [RemovedEvent]
    ) -> Judgement {
        if has(event) { return .known }
        if let address = event.address {
            if let id = current[address], let old = events.removeValue(forKey: id) {
                removed.append(RemovedEvent(id: id, kind: old.kind, address: address, wasReplaced: true))
            }
            current[address] = event.id
        }
        if event.kind == .deletion { delete(event, &removed) }
        events[event.id] = event
        if let announcement = RepositoryAnnouncement(event) {
            var group = groups[announcement.identifier] ?? RepositoryGroup(interest: admission.interest)
            _ = group.upsert(announcement)
            groups[announcement.identifier] = group
        }
        if event.kind.isAnchor {
            let named = EventReferences(event)
            namedIDs.formUnion(named.ids)
            namedAddresses.formUnion(named.addresses)
        }
        stored.append(event)
        return .stored(.start)
    }

    private mutating func delete(_ deletion: Event, _ removed: inout [RemovedEvent]) {
        for id in EventReferences(deletion).ids {
            if let target = events[id] {
                guard target.pubkey == deletion.pubkey, target.kind != .deletion else { continue }
                events[id] = nil
                removed.append(RemovedEvent(id: id, kind: target.kind, address: nil, wasReplaced: false))
            }
            deleted.insert(id)
        }
    }
}

extension ModelStore: AcceptedEvents {
    func group(of identifier: TagValue) -> RepositoryGroup {
        groups[identifier] ?? RepositoryGroup(interest: admission.interest)
    }
    func containsAnchor(_ id: EventID) -> Bool { events[id]?.kind.isAnchor ?? false }
    func containsAnchor(_ address: EventAddress) -> Bool { current[address] != nil && address.kind.isAnchor }
    func isReferenced(_ id: EventID) -> Bool { namedIDs.contains(id) }
    func isReferenced(_ address: EventAddress) -> Bool { namedAddresses.contains(address) }
}

extension ModelStore {
    func contains(_ reference: Reference) -> Bool {
        switch reference {
        case .event(let id): events[id] != nil || deleted.contains(id)
        case .address(let address): current[address] != nil
        }
    }

    func matching(_ filters: [Filter]) -> [Event] {
        events.values.filter { event in filters.contains { $0.matches(event) } }.sorted(by: Event.newestFirst)
    }
}
