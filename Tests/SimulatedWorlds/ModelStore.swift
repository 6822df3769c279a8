// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import SyncPlanner
import TestSupport

/// Our own store as the planner sees it: grasp admission, a holding area, replaceables, deletions, a feed.
struct ModelStore {
    let admission: GraspAdmission
    /// Events that the holding area takes; beyond it they are lost.
    let holds: Int
    private(set) var shelf = EventShelf()
    private(set) var current: [EventAddress: EventID] = [:]
    private(set) var commits: [(stored: [Event], removed: [RemovedEvent])] = []
    /// Every event that was ever judged, whatever came of it.
    private(set) var judged: Set<EventID> = []
    /// How many copies of events that were known came in again.
    private(set) var repeats = 0
    private var held = HeldEvents()
    private var deleted: Set<EventID> = []
    /// Until when what lived there is deleted.
    private var deletedUntil: [EventAddress: Timestamp] = [:]
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
            // A forged copy says nothing of the event itself.
            if event.isForged { return .forged }
            judged.insert(event.id)
            let judgement = judge(event, &stored, &removed)
            return judgement == .stored(.start) ? .stored(position) : judgement
        }
        var looked = 0
        while looked < stored.count {
            let waiting = held.concerned(by: stored[looked])
            looked += 1
            for event in waiting where isAcceptable(event) {
                held.remove(event)
                _ = put(event, &stored, &removed)
            }
        }
        if !stored.isEmpty || !removed.isEmpty { commits.append((stored, removed)) }
        return judgements
    }

    func isAcceptable(_ event: Event) -> Bool { admission.judge(event, in: self) == .accept }

    /// Whether nothing would be gained by having this event: it is here, replaced or deleted.
    func has(_ event: Event) -> Bool {
        if shelf[event.id] != nil || deleted.contains(event.id) { return true }
        if let address = event.address, let until = deletedUntil[address], event.createdAt <= until {
            return true
        }
        guard let address = event.address, let id = current[address], let newest = shelf[id] else {
            return false
        }
        return Event.newestFirst(newest, event)
    }

    private mutating func judge(
        _ event: Event, _ stored: inout [Event], _ removed: inout [RemovedEvent]
    ) -> Judgement {
        if shelf[event.id] != nil { repeats += 1 }
        if has(event) { return .known }
        switch admission.judge(event, in: self) {
        case .accept: return put(event, &stored, &removed)
        case .hold:
            if held.count < holds { held.insert(event) }
            return .held
        case .refuse: return .refused
        }
    }

    private mutating func put(
        _ event: Event, _ stored: inout [Event], _ removed: inout [RemovedEvent]
    ) -> Judgement {
        if has(event) { return .known }
        if let address = event.address {
            if let id = current[address], let old = shelf.remove(id) {
                removed.append(RemovedEvent(id: id, kind: old.kind, address: address, wasReplaced: true))
            }
            current[address] = event.id
        }
        if event.kind == .deletion { delete(event, &removed) }
        shelf.insert(event)
        if let announcement = RepositoryAnnouncement(event, for: admission.interest.service) {
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
        let named = EventReferences(deletion)
        for id in named.ids {
            if let target = shelf[id] {
                guard target.pubkey == deletion.pubkey, target.kind != .deletion else { continue }
                take(target, &removed)
            }
            deleted.insert(id)
        }
        for address in named.addresses where address.pubkey == deletion.pubkey {
            deletedUntil[address] = max(deletedUntil[address] ?? deletion.createdAt, deletion.createdAt)
            guard let id = current[address], let target = shelf[id], target.createdAt <= deletion.createdAt
            else { continue }
            take(target, &removed)
        }
    }

    private mutating func take(_ target: Event, _ removed: inout [RemovedEvent]) {
        shelf.remove(target.id)
        if let address = target.address, current[address] == target.id { current[address] = nil }
        if target.kind == .repositoryAnnouncement {
            _ = groups[target.identifier]?.remove(target.pubkey, id: target.id)
        }
        removed.append(
            RemovedEvent(id: target.id, kind: target.kind, address: target.address, wasReplaced: false))
    }
}

extension ModelStore: AcceptedEvents {
    func group(of identifier: TagValue) -> RepositoryGroup {
        groups[identifier] ?? RepositoryGroup(interest: admission.interest)
    }
    func containsAnchor(_ id: EventID) -> Bool { shelf[id]?.kind.isAnchor ?? false }
    func containsAnchor(_ address: EventAddress) -> Bool { current[address] != nil && address.kind.isAnchor }
    func isReferenced(_ id: EventID) -> Bool { namedIDs.contains(id) }
    func isReferenced(_ address: EventAddress) -> Bool { namedAddresses.contains(address) }
}

extension ModelStore {
    func contains(_ reference: Reference) -> Bool {
        switch reference {
        case .event(let id): shelf[id] != nil || deleted.contains(id)
        case .address(let address): current[address] != nil
        }
    }

    func matching(_ filters: [Filter]) -> [Event] {
        shelf.matching(filters)
    }
}

/// Events that wait for what they name, or for what names them.
struct HeldEvents {
    private var events: [EventID: Event] = [:]
    private var byKey: [Key: Set<EventID>] = [:]

    private enum Key: Hashable {
        case id(EventID)
        case address(EventAddress)
        case identifier(TagValue)
    }

    var count: Int { events.count }

    mutating func insert(_ event: Event) {
        events[event.id] = event
        for key in Self.keys(of: event) { byKey[key, default: []].insert(event.id) }
    }

    mutating func remove(_ event: Event) {
        events[event.id] = nil
        for key in Self.keys(of: event) { byKey[key]?.remove(event.id) }
    }

    /// Those that may be acceptable now that this event is stored.
    func concerned(by event: Event) -> [Event] {
        let ids = Self.keys(of: event).reduce(into: Set<EventID>()) { $0.formUnion(byKey[$1] ?? []) }
        return ids.sorted().compactMap { events[$0] }
    }

    private static func keys(of event: Event) -> [Key] {
        let named = EventReferences(event)
        var keys: [Key] = [.id(event.id)] + named.ids.map { .id($0) } + named.addresses.map { .address($0) }
        if let address = event.address {
            keys.append(.address(address))
            if address.kind.isAddressable { keys.append(.identifier(address.identifier)) }
        }
        return keys
    }
}
