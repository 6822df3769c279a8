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
struct FilterPlan: Hashable, Sendable {
    /// Values of one condition.
    let valuesPerFilter: Int
    let idsPerFilter: Int

    private(set) var items = ItemSet()
    private(set) var cost = FilterCost()

    init(_ items: ItemSet = [], in table: ItemTable, valuesPerFilter: Int, idsPerFilter: Int) {
        self.valuesPerFilter = max(1, valuesPerFilter)
        self.idsPerFilter = max(1, idsPerFilter)
        self.items = items
        for item in items { cost.insert(table[item]) }
    }

    /// How many filters the items need.
    var filterCount: Int { cost.filters(values: valuesPerFilter, ids: idsPerFilter) }

    /// Adds an item that is not in it, if everything still fits.
    mutating func insert(_ item: ItemNumber, in table: ItemTable, ifFits limits: UpstreamLimits) -> Bool {
        let wanted = table[item]
        guard items.isEmpty || cost.fits(limits, values: valuesPerFilter, ids: idsPerFilter, with: wanted)
        else { return false }
        items.insert(item)
        cost.insert(wanted)
        return true
    }

    /// The filters, in a fixed order.
    func filters(in table: ItemTable, since: Timestamp? = nil, limit: Int? = nil) -> [Filter] {
        var all: [Filter] = []
        if items.contains(.announcements) {
            all.append(Filter(kinds: [.repositoryAnnouncement, .graspList]))
        }
        for chunk in chunks(items.only(.repository).map(\.self), of: valuesPerFilter) {
            let identifiers = chunk.compactMap { number -> TagValue? in
                if case .repository(let address) = table[number] { address.identifier } else { nil }
            }
            all.append(Filter(kinds: [.repositoryState], tags: ["d": identifiers]))
            all += Filter.naming(chunk.map { table.text($0) }, by: ["a", "A", "q"])
        }
        for chunk in chunks(items.only(.root).map { table.text($0) }, of: valuesPerFilter) {
            all += Filter.naming(chunk, by: ["e", "E", "q"])
        }
        for chunk in chunks(items.only(.comment).map { table.text($0) }, of: valuesPerFilter) {
            all += Filter.naming(chunk, by: ["e"])
        }
        let authors = items.only(.deletions).compactMap { number -> PublicKey? in
            if case .deletions(let author) = table[number] { author } else { nil }
        }
        for chunk in chunks(authors, of: valuesPerFilter) {
            all.append(Filter(authors: chunk, kinds: [.deletion]))
        }
        all += referenceFilters(table.all(of: items.only(.reference)))
        for index in all.indices {
            all[index].since = since
            all[index].limit = limit
        }
        return all
    }

    private func referenceFilters(_ references: [SyncItem]) -> [Filter] {
        var ids: [EventID] = []
        var groups: [FilterCost.AddressGroup: [PublicKey]] = [:]
        for case .reference(let reference) in references {
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

    private func chunks<Value>(_ values: [Value], of size: Int) -> [[Value]] {
        stride(from: 0, to: values.count, by: size).map {
            Array(values[$0..<min($0 + size, values.count)])
        }
    }
}

extension SyncItem {
    /// The filters that find what is wanted of these.
    package static func filters(
        for items: some Sequence<SyncItem>, valuesPerFilter: Int = 10_000, idsPerFilter: Int = 10_000
    ) -> [Filter] {
        var table = ItemTable()
        let numbers = ItemSet(items.map { table.number($0) })
        return FilterPlan(
            numbers, in: table, valuesPerFilter: valuesPerFilter, idsPerFilter: idsPerFilter
        ).filters(in: table)
    }
}
