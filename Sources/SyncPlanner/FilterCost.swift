// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What items cost as filters; the costs of two sets that share no item add up.
struct FilterCost: Hashable, Sendable {
    private var announcements = 0
    private var repositories = 0
    private var roots = 0
    private var authors = 0
    private var ids = 0
    private var comments = 0
    private var addressGroups: Set<AddressGroup> = []
    /// Of their values as JSON, at most.
    private(set) var bytes = 0

    /// Addresses that one filter can ask for.
    struct AddressGroup: Hashable {
        let kind: Kind
        let identifier: TagValue
    }

    /// How many filters they need, with so many values and ids to each.
    func filters(values: Int, ids idsPerFilter: Int) -> Int {
        func chunks(_ count: Int, of size: Int) -> Int { (count + size - 1) / size }
        return announcements + 4 * chunks(repositories, of: values) + 3 * chunks(roots, of: values)
            + chunks(authors, of: values) + chunks(comments, of: values) + chunks(ids, of: idsPerFilter)
            + addressGroups.count
    }

    /// Whether one REQ can hold them.
    func fits(_ limits: UpstreamLimits, values: Int, ids: Int) -> Bool {
        let filters = filters(values: values, ids: ids)
        return filters <= limits.maxFilters
            && bytes + filters * Filter.bareLength + Filter.requestLength
                <= limits.maxMessageLength
    }

    mutating func insert(_ item: SyncItem) {
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
            addressGroups.insert(AddressGroup(kind: address.kind, identifier: address.identifier))
            bytes += 67 + 6 * address.identifier.bytes.count
        }
    }

    static func + (a: FilterCost, b: FilterCost) -> FilterCost {
        var sum = a
        sum.announcements = max(a.announcements, b.announcements)
        sum.repositories += b.repositories
        sum.roots += b.roots
        sum.authors += b.authors
        sum.comments += b.comments
        sum.ids += b.ids
        sum.addressGroups.formUnion(b.addressGroups)
        sum.bytes += b.bytes
        return sum
    }
}
