// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Questions to our own store: those that wait, and those that are open.
///
/// Each followed repository and each root is asked about once, because events about it may have been stored
/// before it was followed.
struct StoreQuestions: Hashable, Sendable {
    private var addresses: [EventAddress] = []
    private var roots: [EventID] = []
    private var open: [StoreQuestionID: [Reference]] = [:]

    var isEmpty: Bool { addresses.isEmpty && roots.isEmpty && open.isEmpty }

    mutating func ask(address: EventAddress) { addresses.append(address) }
    mutating func ask(root: EventID) { roots.append(root) }

    /// The next question to open; `nil` when none waits or enough are open.
    mutating func next(_ limits: SyncLimits) -> StoreQuestion? {
        guard open.count < limits.storeQuestionsMax else { return nil }
        if !addresses.isEmpty {
            defer { addresses.removeFirst(min(limits.valuesPerStoreQuestion, addresses.count)) }
            return .naming(Array(addresses.prefix(limits.valuesPerStoreQuestion)))
        }
        guard !roots.isEmpty else { return nil }
        defer { roots.removeFirst(min(limits.valuesPerStoreQuestion, roots.count)) }
        return .namingRoots(Array(roots.prefix(limits.valuesPerStoreQuestion)))
    }

    /// - Parameter references: what was asked, of a question about absent events.
    mutating func opened(_ id: StoreQuestionID, references: [Reference] = []) { open[id] = references }

    func isOpen(_ id: StoreQuestionID) -> Bool { open[id] != nil }

    /// - Returns: what ``opened(_:references:)`` was told.
    @discardableResult mutating func answered(_ id: StoreQuestionID) -> [Reference] {
        open.removeValue(forKey: id) ?? []
    }
}

/// Events that accepted events name (L4): those still to be looked up here, and those that are absent.
struct ReferenceTable: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        /// For which repositories it matters, and so where it is asked for.
        var repositories: Set<EventAddress>
        /// How many steps it is from an event that names a repository or a root.
        var depth: Int
        /// Whether the store was asked and lacks it.
        var isAbsent = false
    }

    private(set) var entries: [Reference: Entry] = [:]
    private var unchecked: [Reference] = []

    var hasUnchecked: Bool { !unchecked.isEmpty }

    mutating func insert(_ reference: Reference, for repositories: Set<EventAddress>, depth: Int) {
        if var entry = entries[reference] {
            entry.repositories.formUnion(repositories)
            entry.depth = min(entry.depth, depth)
            entries[reference] = entry
        } else {
            entries[reference] = Entry(repositories: repositories, depth: depth)
            unchecked.append(reference)
        }
    }

    mutating func takeUnchecked(_ count: Int) -> [Reference] {
        let taken = Array(unchecked.prefix(count))
        unchecked.removeFirst(taken.count)
        return taken
    }

    /// - Returns: for which repositories it mattered.
    mutating func isAbsent(_ reference: Reference) -> Set<EventAddress> {
        entries[reference]?.isAbsent = true
        return entries[reference]?.repositories ?? []
    }

    mutating func remove(_ reference: Reference) -> Entry? { entries.removeValue(forKey: reference) }

    mutating func unfollow(_ address: EventAddress) {
        for (reference, entry) in entries where entry.repositories.contains(address) {
            entries[reference]?.repositories.remove(address)
            if entry.repositories.count == 1 { entries[reference] = nil }
        }
    }
}
