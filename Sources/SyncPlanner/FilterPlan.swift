// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Turns items into filters, and counts what they cost before they are asked.
///
/// | family        | filters                                                                  |
/// |---------------|--------------------------------------------------------------------------|
/// | announcements | kinds 30617 and 10317                                                    |
/// | repository    | kind 30618 by `#d`; any kind by `#a`, `#A`, `#q`: four for each chunk      |
/// | root          | any kind by `#e`, `#E`, `#q`: three for each chunk                        |
/// | deletions     | kind 5 by `authors`                                                      |
/// | reference     | `ids`; addresses by kind, `authors` and `#d`, one for each kind and `d`    |
struct FilterPlan: Hashable, Sendable {
    /// Values of one condition.
    let valuesPerFilter: Int
    let idsPerFilter: Int

    private(set) var items: [SyncItem] = []
    private(set) var bytes = 0
    private var counts: [SyncItem.Family: Int] = [:]
    private var addressGroups: Set<AddressGroup> = []

    private struct AddressGroup: Hashable {
        let kind: Kind
        let identifier: TagValue
    }

    init(valuesPerFilter: Int, idsPerFilter: Int) {
        self.valuesPerFilter = max(1, valuesPerFilter)
        self.idsPerFilter = max(1, idsPerFilter)
    }

    init(_ items: some Sequence<SyncItem>, valuesPerFilter: Int, idsPerFilter: Int) {
        self.init(valuesPerFilter: valuesPerFilter, idsPerFilter: idsPerFilter)
        for item in items { insert(item) }
    }

    /// How many filters the items need.
    var filterCount: Int {
        func chunks(_ family: SyncItem.Family, of size: Int) -> Int {
            ((counts[family] ?? 0) + size - 1) / size
        }
        return chunks(.announcements, of: 1) + 4 * chunks(.repository, of: valuesPerFilter)
            + 3 * chunks(.root, of: valuesPerFilter) + chunks(.deletions, of: valuesPerFilter)
            + chunks(.reference, of: idsPerFilter) + addressGroups.count
    }

    func fits(_ limits: UpstreamLimits) -> Bool {
        filterCount <= limits.maxFilters && bytes + filterCount * 64 <= limits.maxMessageLength
    }

    mutating func insert(_ item: SyncItem) {
        items.append(item)
        switch item {
        case .announcements:
            counts[.announcements] = 1
            bytes += 32
        case .repository(let address):
            counts[.repository, default: 0] += 1
            // Every byte of an identifier may need six to be written as JSON.
            bytes += 3 * (80 + 6 * address.identifier.bytes.count) + 6 * address.identifier.bytes.count + 3
        case .root:
            counts[.root, default: 0] += 1
            bytes += 3 * 67
        case .deletions:
            counts[.deletions, default: 0] += 1
            bytes += 67
        case .reference(.event):
            counts[.reference, default: 0] += 1
            bytes += 67
        case .reference(.address(let address)):
            addressGroups.insert(AddressGroup(kind: address.kind, identifier: address.identifier))
            bytes += 67 + 6 * address.identifier.bytes.count
        }
    }

    /// Adds the item if everything still fits.
    mutating func insert(_ item: SyncItem, ifFits limits: UpstreamLimits) -> Bool {
        let before = (counts, addressGroups, bytes)
        insert(item)
        if items.count == 1 || fits(limits) { return true }
        items.removeLast()
        (counts, addressGroups, bytes) = before
        return false
    }

    /// The filters, in a fixed order.
    func filters(since: Timestamp? = nil, limit: Int? = nil) -> [Filter] {
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
        var groups: [AddressGroup: [PublicKey]] = [:]
        for case .reference(let reference) in sorted {
            switch reference {
            case .event(let id): ids.append(id)
            case .address(let address):
                groups[AddressGroup(kind: address.kind, identifier: address.identifier), default: []]
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
