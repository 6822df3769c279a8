// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What items cost as filters; the costs of two sets that share no item add up.
struct FilterCost: Hashable, Sendable {
    private var counts = Counts()
    private var addressGroups: Set<AddressGroup> = []

    /// Addresses that one filter can ask for.
    struct AddressGroup: Hashable {
        let kind: Kind
        let identifier: TagValue
    }

    fileprivate struct Counts: Hashable {
        var announcements = 0
        var repositories = 0
        var roots = 0
        var authors = 0
        var ids = 0
        var comments = 0
        var addressGroups = 0
        /// Of their values as JSON, at most.
        var bytes = 0
    }

    /// **Bytes** of their values as JSON, at most.
    var bytes: Int { counts.bytes }

    /// How many filters they need, with so many values and ids to each.
    func filters(values: Int, ids: Int) -> Int { counts.filters(values: values, ids: ids) }

    /// Whether one REQ can hold them.
    func fits(_ limits: UpstreamLimits, values: Int, ids: Int) -> Bool {
        counts.fit(limits, values: values, ids: ids)
    }

    /// Whether one REQ can hold them and one item more.
    func fits(_ limits: UpstreamLimits, values: Int, ids: Int, with item: SyncItem) -> Bool {
        var grown = counts
        grown.add(item, opensGroup: item.addressGroup.map { !addressGroups.contains($0) } ?? false)
        return grown.fit(limits, values: values, ids: ids)
    }

    mutating func insert(_ item: SyncItem) {
        counts.add(item, opensGroup: item.addressGroup.map { addressGroups.insert($0).inserted } ?? false)
    }

    static func + (a: FilterCost, b: FilterCost) -> FilterCost {
        var sum = a
        sum.addressGroups.formUnion(b.addressGroups)
        sum.counts.addressGroups = sum.addressGroups.count
        sum.counts.announcements = max(a.counts.announcements, b.counts.announcements)
        sum.counts.repositories += b.counts.repositories
        sum.counts.roots += b.counts.roots
        sum.counts.authors += b.counts.authors
        sum.counts.comments += b.counts.comments
        sum.counts.ids += b.counts.ids
        sum.counts.bytes += b.counts.bytes
        return sum
    }
}

extension FilterCost.Counts {
    func filters(values: Int, ids idsPerFilter: Int) -> Int {
        func chunks(_ count: Int, of size: Int) -> Int { count == 0 ? 0 : (count + size - 1) / size }
        return announcements + 4 * chunks(repositories, of: values) + 3 * chunks(roots, of: values)
            + chunks(authors, of: values) + chunks(comments, of: values) + chunks(ids, of: idsPerFilter)
            + addressGroups
    }

    func fit(_ limits: UpstreamLimits, values: Int, ids: Int) -> Bool {
        let filters = filters(values: values, ids: ids)
        return filters <= limits.maxFilters
            && bytes + filters * Filter.bareLength + Filter.requestLength <= limits.maxMessageLength
    }

    /// - Parameter opensGroup: whether it is the first of its ``FilterCost/AddressGroup``.
    mutating func add(_ item: SyncItem, opensGroup: Bool) {
        switch item {
        case .announcements:
            announcements = 1
            bytes += 32
        case .repository(let address):
            repositories += 1
            // A byte of an identifier may need six to be written as JSON.
            let identifier = 6 * address.identifier.bytes.count
            bytes += 3 * (80 + identifier) + identifier + 3
        case .root:
            roots += 1
            bytes += 3 * 67
        case .comment:
            comments += 1
            bytes += 67
        case .deletions:
            authors += 1
            bytes += 67
        case .reference(.event):
            ids += 1
            bytes += 67
        case .reference(.address(let address)):
            if opensGroup { addressGroups += 1 }
            bytes += 67 + 6 * address.identifier.bytes.count
        }
    }
}

extension SyncItem {
    fileprivate var addressGroup: FilterCost.AddressGroup? {
        guard case .reference(.address(let address)) = self else { return nil }
        return FilterCost.AddressGroup(kind: address.kind, identifier: address.identifier)
    }
}
