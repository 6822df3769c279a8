// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore
import OrderedCollections
import RepositoryRules

/// Events that refer to nothing accepted here, kept for a while in case that changes.
///
/// Bounded in events, bytes, and events an author; the oldest goes first. Nothing depends on it: what falls
/// out can be asked for again, and the acceptance of a referent starts its whole history.
struct HoldingArea {
    let limits: HoldingLimits
    private(set) var entries: [EventID: HeldEvent] = [:]
    /// **Bytes**, as ``HeldEvent/cost`` counts them.
    private(set) var bytes = 0
    private var index = HoldingIndex()
    private var byAuthor: [PublicKey: OrderedSet<EventID>] = [:]
    /// In order of arrival; may name entries that have gone.
    private var arrivals: Deque<(id: EventID, serial: UInt64)> = []
    private var nextSerial: UInt64 = 0
    private var undo: [Change]?

    private enum Change {
        case added(EventID)
        case removed(HeldEvent)
    }

    init(limits: HoldingLimits) { self.limits = limits }

    var count: Int { entries.count }

    /// Puts an event in, and what must go for it out. Does nothing when it is held already.
    mutating func hold(_ event: Event, at now: Timestamp) {
        guard entries[event.id] == nil else { return }
        let held = HeldEvent(event, serial: nextSerial, expires: now.advanced(by: limits.seconds))
        nextSerial += 1
        guard held.cost <= limits.bytes, limits.events > 0, limits.eventsPerAuthor > 0 else { return }
        if let own = byAuthor[event.pubkey], own.count >= limits.eventsPerAuthor { release(own[0]) }
        while entries.count >= limits.events || bytes + held.cost > limits.bytes, dropOldest() {}
        insert(held)
        arrivals.append((event.id, held.serial))
        undo?.append(.added(event.id))
    }

    /// Takes an event out: it was accepted, or its time is over.
    mutating func release(_ id: EventID) {
        guard let held = remove(id) else { return }
        undo?.append(.removed(held))
    }

    /// Lets go of what a key wrote, or gift wraps addressed to it, up to a moment.
    mutating func releaseAll(of pubkey: PublicKey, upTo time: Timestamp) {
        let own = byAuthor[pubkey].map { Array($0) } ?? []
        for id in own + index.wraps(to: pubkey) {
            if let held = entries[id], held.event.createdAt <= time, held.event.kind != .requestToVanish {
                release(id)
            }
        }
    }

    /// Lets go of everything whose time is over.
    mutating func expire(at now: Timestamp) {
        while let (id, serial) = arrivals.first {
            if let held = entries[id], held.serial == serial {
                guard held.expires <= now else { return }
                release(id)
            }
            arrivals.removeFirst()
        }
    }

    /// Events that may have become acceptable because this one was stored, in order of arrival.
    func waiting(for stored: Event) -> [Event] {
        guard !entries.isEmpty, stored.kind.isAnchor else { return [] }
        var found = index.waiting(for: stored)
        let references = EventReferences(stored)
        for id in references.ids where entries[id] != nil { found.insert(id) }
        for address in references.addresses { found.formUnion(index.living(at: address)) }
        return inOrder(found)
    }

    /// Announcements and states that wait for authority over a repository of this identifier.
    func waiting(forRepository identifier: TagValue) -> [Event] {
        inOrder(index.waiting(forRepository: identifier))
    }

    /// Announcements and states of this identifier by one of these authors.
    func waiting(forRepository identifier: TagValue, by authors: [PublicKey]) -> [Event] {
        guard !index.waiting(forRepository: identifier).isEmpty else { return [] }
        let kinds: [Kind] = [.repositoryAnnouncement, .repositoryState]
        return inOrder(
            authors.reduce(into: []) { found, author in
                for kind in kinds {
                    let address = EventAddress(kind: kind, pubkey: author, identifier: identifier)
                    found.formUnion(index.living(at: address))
                }
            })
    }

    private func inOrder(_ ids: Set<EventID>) -> [Event] {
        ids.compactMap { entries[$0] }.sorted { $0.serial < $1.serial }.map(\.event)
    }
}

// MARK: Transactions

extension HoldingArea {
    /// From here on changes can be taken back.
    mutating func begin() { undo = [] }

    /// Keeps what was changed since ``begin()``.
    mutating func commit() { undo = nil }

    /// Takes back what was changed since ``begin()``.
    mutating func rollback() {
        let changes = undo ?? []
        undo = nil
        guard !changes.isEmpty else { return }
        for change in changes.reversed() {
            switch change {
            case .added(let id): _ = remove(id)
            case .removed(let held): insert(held)
            }
        }
        arrivals = Deque(entries.values.sorted { $0.serial < $1.serial }.map { ($0.event.id, $0.serial) })
    }
}

extension HoldingArea {
    private mutating func insert(_ held: HeldEvent) {
        entries[held.event.id] = held
        byAuthor[held.event.pubkey, default: []].append(held.event.id)
        index.insert(held)
        bytes += held.cost
    }

    private mutating func remove(_ id: EventID) -> HeldEvent? {
        guard let held = entries.removeValue(forKey: id) else { return nil }
        byAuthor[held.event.pubkey]?.remove(id)
        if byAuthor[held.event.pubkey]?.isEmpty == true { byAuthor[held.event.pubkey] = nil }
        index.remove(held)
        bytes -= held.cost
        if arrivals.count > 2 * entries.count + 64 {
            arrivals.removeAll { arrival in entries[arrival.id]?.serial != arrival.serial }
        }
        return held
    }

    /// - Returns: whether there was one.
    private mutating func dropOldest() -> Bool {
        while let (id, serial) = arrivals.popFirst() {
            guard entries[id]?.serial == serial else { continue }
            release(id)
            return true
        }
        return false
    }
}
