// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore

/// A set whose sums the store keeps, or a span of it.
struct KeptSet: Sendable {
    let source: Source
    let span: TimeSpan
    /// Items that belong to the set though no such event is stored.
    let added: [NegentropyItem]
    /// Whether nothing of the set must be left out.
    let isWhole: Bool

    /// Where the sums are.
    enum Source: Hashable, Sendable {
        /// In a filter's tree.
        case tree(Int)
        /// In the groups of what names some repositories, whichever these are when somebody asks.
        case groups(GroupLetter, naming: [UInt64])
    }

    var heldBytes: Int {
        var bytes = MemoryLayout<KeptSet>.size + added.count * MemoryLayout<NegentropyItem>.stride
        if case .groups(_, let repositories) = source { bytes += 8 * repositories.count }
        return bytes
    }

    /// Added items beyond which reading everything costs less.
    static let addedMost = 2_000

    func read(
        _ store: EventStore, _ turn: ReconciliationTurn
    ) throws(ReconciliationError<StoreError>) -> ReconciliationTurn.Outcome {
        let snapshot = try Self.stored { () throws(StoreError) in try ReadTransaction(store.environment) }
        // The items are read from the transaction, which lasts until the end of this scope.
        defer { withExtendedLifetime(snapshot) {} }
        let items = try Self.stored { () throws(StoreError) -> KeptItems in
            guard let table = try snapshot.keptTable(source, store) else { throw .changed }
            if isWhole, try snapshot.leftOut(of: source, table) > 0 { throw .changed }
            // More groups than at first are no reason to begin anew, within reason.
            let most = 2 * store.limits.groupsPerSet
            guard let items = try snapshot.items(self, table, mostGroups: most, store) else {
                throw .changed
            }
            return items
        }
        switch items {
        case .tree(let items): return try perform(turn, on: items)
        case .groups(let items): return try perform(turn, on: items)
        }
    }

    private func perform<Storage: NegentropyStorage>(
        _ turn: ReconciliationTurn, on items: Storage
    ) throws(ReconciliationError<StoreError>) -> ReconciliationTurn.Outcome
    where Storage.Failure == StoreError {
        if added.isEmpty { return try turn.perform(on: items) }
        let all = try Self.stored { () throws(StoreError) -> NegentropyOverlay<Storage> in
            try NegentropyOverlay(items, adding: added)
        }
        return try turn.perform(on: all)
    }

    private static func stored<Value: ~Copyable>(
        _ body: () throws(StoreError) -> Value
    ) throws(ReconciliationError<StoreError>) -> Value {
        do throws(StoreError) { return try body() } catch { throw .storage(error) }
    }
}

/// What a kept set has in one transaction.
enum KeptItems {
    case tree(TreeItems)
    case groups(GroupItems)

    var count: Int {
        switch self {
        case .tree(let items): items.count
        case .groups(let items): items.count
        }
    }

    /// Whether reading as many events costs more, every time.
    func isWorthIt(_ limits: StoreLimits) -> Bool {
        guard case .groups(let items) = self else { return true }
        return items.count >= items.groups * limits.eventsPerGroup
    }
}

extension KeptSet.Source {
    /// The source that tells what a filter matches at any time; `nil` when there is none.
    init?(_ filter: Filter, _ store: EventStore) {
        guard filter.search == nil else { return nil }
        let filter = filter.withoutSpan
        if let tree = store.trees.firstIndex(where: { $0.filter == filter }) {
            self = .tree(tree)
            return
        }
        guard store.groups != nil, filter.ids == nil, filter.authors == nil, filter.tags.count == 1,
            let condition = filter.tags.first, !condition.isOfAll, !condition.values.isEmpty,
            condition.values.count <= store.limits.repositoriesPerSet,
            let letter = GroupLetter(condition.letter, of: .repositoryState),
            filter.kinds == (letter == .identifier ? [.repositoryState] : nil),
            condition.values.allSatisfy({ letter.names($0.bytes.span) })
        else { return nil }
        self = .groups(
            letter, naming: condition.values.map { store.maker.repository(letter, $0.bytes.span) })
    }

    /// Kinds that are not in its sums.
    func leavingOut(_ store: EventStore) -> [Kind] {
        switch self {
        case .tree(let tree): store.trees[tree].leavingOut
        case .groups: store.groups?.leavingOut ?? []
        }
    }
}
