// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Questions to our own store: those that wait, and those that are open.
///
/// Each followed repository and each root is asked about once, because events about it may have been stored
/// before it was followed.
struct StoreQuestions: Hashable, Sendable {
    private var addresses: [EventAddress] = []
    private var threads: [EventID] = []
    private var open: [StoreQuestionID: [Reference]] = [:]

    var isEmpty: Bool { addresses.isEmpty && threads.isEmpty && open.isEmpty }

    mutating func ask(address: EventAddress) { addresses.append(address) }
    /// About a root or a comment.
    mutating func ask(thread: EventID) { threads.append(thread) }

    /// Everything will be asked about anew.
    mutating func forgetWaiting() { (addresses, threads) = ([], []) }

    /// Whether one question more may be open.
    func mayOpen(_ limits: SyncLimits) -> Bool { open.count < limits.storeQuestionsMax }

    /// The next question to open; `nil` when none waits or enough are open.
    mutating func next(_ limits: SyncLimits) -> StoreQuestion? {
        guard mayOpen(limits) else { return nil }
        if !addresses.isEmpty {
            defer { addresses.removeLast(min(limits.valuesPerStoreQuestion, addresses.count)) }
            return .naming(addresses.suffix(limits.valuesPerStoreQuestion).reversed())
        }
        guard !threads.isEmpty else { return nil }
        defer { threads.removeLast(min(limits.valuesPerStoreQuestion, threads.count)) }
        return .namingRoots(threads.suffix(limits.valuesPerStoreQuestion).reversed())
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
        /// Whose repositories' share it is counted in.
        let owner: PublicKey?
        /// How many steps it is from an event that names a repository or a root.
        var depth: Int
        /// Its number, once the store was asked and lacks it.
        var absent: ItemNumber?
    }

    private(set) var entries: [Reference: Entry] = [:]
    /// The numbers of those that the store lacks: all, and those that matter for one repository.
    private(set) var absent = ItemSet()
    private var absentFor: [EventAddress: ItemSet] = [:]
    private var unchecked: [Reference] = []
    private var counts: [PublicKey: Int] = [:]

    /// How many are remembered for the repositories of one owner.
    func count(of owner: PublicKey) -> Int { counts[owner] ?? 0 }

    var hasUnchecked: Bool { !unchecked.isEmpty }

    mutating func insert(_ reference: Reference, for repositories: Set<EventAddress>, depth: Int) {
        if let (known, absent) = entries[reference].map({ ($0.depth, $0.absent) }) {
            // Changed where it lies: very many may name it.
            entries[reference]?.repositories.formUnion(repositories)
            entries[reference]?.depth = min(known, depth)
            if let absent { isAbsent(absent, for: repositories) }
        } else {
            let owner = repositories.min()?.pubkey
            entries[reference] = Entry(repositories: repositories, owner: owner, depth: depth)
            if let owner { counts[owner, default: 0] += 1 }
            unchecked.append(reference)
        }
    }

    mutating func takeUnchecked(_ count: Int) -> [Reference] {
        let taken = Array(unchecked.prefix(count))
        unchecked.removeFirst(taken.count)
        return taken
    }

    /// - Returns: for which repositories it mattered.
    mutating func isAbsent(_ reference: Reference, _ number: ItemNumber) -> Set<EventAddress> {
        guard let entry = entries[reference] else { return [] }
        entries[reference]?.absent = number
        absent.insert(number)
        isAbsent(number, for: entry.repositories)
        return entry.repositories
    }

    private mutating func isAbsent(_ number: ItemNumber, for repositories: Set<EventAddress>) {
        for address in repositories { absentFor[address, default: []].insert(number) }
    }

    func absent(for repository: EventAddress) -> ItemSet { absentFor[repository] ?? [] }

    @discardableResult mutating func remove(_ reference: Reference) -> Entry? {
        guard let entry = entries.removeValue(forKey: reference) else { return nil }
        if let owner = entry.owner, let count = counts[owner] { counts[owner] = count > 1 ? count - 1 : nil }
        guard let number = entry.absent else { return entry }
        absent.remove(number)
        for address in entry.repositories {
            absentFor[address]?.remove(number)
            if absentFor[address]?.isEmpty == true { absentFor[address] = nil }
        }
        return entry
    }

    mutating func unfollow(_ addresses: Set<EventAddress>) {
        for (reference, entry) in entries where !entry.repositories.isDisjoint(with: addresses) {
            let others = entry.repositories.subtracting(addresses)
            if others.isEmpty { remove(reference) } else { entries[reference]?.repositories = others }
        }
        for address in addresses { absentFor[address] = nil }
    }
}
