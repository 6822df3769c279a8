// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

package import NostrCore

/// Turns items into filters, and counts what they cost before they are asked.
///
/// | family        | filters                                                                  |
/// |---------------|--------------------------------------------------------------------------|
/// | announcements | kinds 30617 and 10317                                                    |
/// | repository    | kind 30618 by `#d`; any kind by `#a`, `#A`, `#q`: four for each chunk      |
/// | root          | any kind by `#e`, `#E`, `#q`: three for each chunk                        |
/// | deletions     | kind 5 by `authors`                                                      |
/// | comment       | any kind by `#e`                                                         |
/// | reference     | `ids`; addresses by kind, `authors` and `#d`, one for each kind and `d`    |
package struct FilterPlan: Hashable, Sendable {
    /// Values of one condition.
    let valuesPerFilter: Int
    let idsPerFilter: Int

    private(set) var items: [SyncItem] = []
    private(set) var cost = FilterCost()

    init(valuesPerFilter: Int, idsPerFilter: Int) {
        self.valuesPerFilter = max(1, valuesPerFilter)
        self.idsPerFilter = max(1, idsPerFilter)
    }

    package init(_ items: some Sequence<SyncItem>, valuesPerFilter: Int, idsPerFilter: Int) {
        self.init(valuesPerFilter: valuesPerFilter, idsPerFilter: idsPerFilter)
        for item in items { insert(item) }
    }

    /// How many filters the items need.
    var filterCount: Int { cost.filters(values: valuesPerFilter, ids: idsPerFilter) }

    mutating func insert(_ item: SyncItem) {
        items.append(item)
        cost.insert(item)
    }

    /// Adds the item if everything still fits.
    mutating func insert(_ item: SyncItem, ifFits limits: UpstreamLimits) -> Bool {
        var grown = cost
        grown.insert(item)
        guard items.isEmpty || grown.fits(limits, values: valuesPerFilter, ids: idsPerFilter) else {
            return false
        }
        items.append(item)
        cost = grown
        return true
    }

    /// The filters, in a fixed order.
    package func filters(since: Timestamp? = nil, limit: Int? = nil) -> [Filter] {
        var all: [Filter] = []
        let sorted = items.sorted()
        if sorted.first == .announcements {
            all.append(Filter(kinds: [.repositoryAnnouncement, .graspList]))
        }
        all += repositoryFilters(sorted)
        for ids in chunks(sorted.compactMap { if case .root(let id) = $0 { TagValue(id.hex) } else { nil } })
        {
            all += Filter.naming(ids, by: ["e", "E", "q"])
        }
        for ids in chunks(
            sorted.compactMap { if case .comment(let id) = $0 { TagValue(id.hex) } else { nil } })
        {
            all += Filter.naming(ids, by: ["e"])
        }
        for authors in chunks(sorted.compactMap { if case .deletions(let key) = $0 { key } else { nil } }) {
            all.append(Filter(authors: authors, kinds: [.deletion]))
        }
        all += referenceFilters(sorted)
        for index in all.indices {
            all[index].since = since
            all[index].limit = limit
        }
        return all
    }

    private func repositoryFilters(_ sorted: [SyncItem]) -> [Filter] {
        let addresses = sorted.compactMap { if case .repository(let address) = $0 { address } else { nil } }
        return chunks(addresses).flatMap { chunk in
            [Filter(kinds: [.repositoryState], tags: ["d": chunk.map(\.identifier)])]
                + Filter.naming(chunk.map(\.text), by: ["a", "A", "q"])
        }
    }

    private func referenceFilters(_ sorted: [SyncItem]) -> [Filter] {
        var ids: [EventID] = []
        var groups: [FilterCost.AddressGroup: [PublicKey]] = [:]
        for case .reference(let reference) in sorted {
            switch reference {
            case .event(let id): ids.append(id)
            case .address(let address):
                groups[
                    FilterCost.AddressGroup(kind: address.kind, identifier: address.identifier), default: []
                ]
                .append(address.pubkey)
            }
        }
        let byAddress = groups.sorted { ($0.key.kind, $0.key.identifier) < ($1.key.kind, $1.key.identifier) }
            .map { group, authors in
                Filter(
                    authors: authors, kinds: [group.kind],
                    tags: group.kind.isAddressable ? ["d": [group.identifier]] : [:])
            }
        return chunks(ids, of: idsPerFilter).map { Filter(ids: $0) } + byAddress
    }

    private func chunks<Value>(_ values: [Value], of size: Int? = nil) -> [[Value]] {
        let size = size ?? valuesPerFilter
        return stride(from: 0, to: values.count, by: size).map {
            Array(values[$0..<min($0 + size, values.count)])
        }
    }
}
