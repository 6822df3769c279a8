// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Who wants which live event, without asking everybody.
///
/// Every filter is filed under the values of one of its fields, the one whose values pass by most rarely; a
/// filter without any such field is asked about every event. An event's own values then lead to the few
/// filters that may match, and each of those is tested once.
///
///     event ──id──────▶ [#4]
///           ──author──▶ [#7 #9]      candidates: #4 #7 #9 #2 …, each tested once,
///           ──(t, x)──▶ [#2 #9]      each subscriber reported once
///           ──kind────▶ []
///           ──────────▶ rest [#5]
public struct SubscriptionIndex<Subscriber: Hashable & Sendable>: Sendable {
    /// One filter of one subscriber.
    struct Entry: Sendable {
        var filter: Filter
        var subscription: Int
        var key: FilterKey
        /// The last event this filter was tested with.
        var tested: UInt64 = 0
    }

    /// One subscriber, with the entries of its filters.
    struct Member: Sendable {
        var subscriber: Subscriber
        var entries: [Int]
        /// The last event that was reported.
        var reported: UInt64 = 0
    }

    private var members: [Subscriber: Int] = [:]
    var memberSlots = SlotList<Member>()
    var entries = SlotList<Entry>()
    var byID: [EventID: [Int]] = [:]
    var byAuthor: [PublicKey: [Int]] = [:]
    var byTag: [TagKey: [Int]] = [:]
    var byKind: [Kind: [Int]] = [:]
    var rest: [Int] = []
    var frequencies = FieldFrequencies()
    /// Counts events, so that marks of an earlier one need not be wiped.
    var eventNumber: UInt64 = 0

    public init() {}

    /// How many subscribers are filed.
    public var count: Int { members.count }
    /// How many filters are filed.
    public var filterCount: Int { entries.count }

    /// Whether no value leads to any filter.
    var isEmptied: Bool {
        byID.isEmpty && byAuthor.isEmpty && byTag.isEmpty && byKind.isEmpty && rest.isEmpty
    }

    /// Files a subscriber's filters in place of those it had. Filters that can match nothing take no room.
    ///
    /// - Complexity: O(values of the chosen fields).
    public mutating func insert(_ subscriber: Subscriber, _ filters: [Filter]) {
        remove(subscriber)
        let member = memberSlots.insert(Member(subscriber: subscriber, entries: []))
        members[subscriber] = member
        for filter in filters where !filter.matchesNothing {
            let key = frequencies.rarestKey(of: filter)
            let entry = entries.insert(Entry(filter: filter, subscription: member, key: key))
            memberSlots[member].entries.append(entry)
            file(entry, filter, under: key)
        }
    }

    /// Forgets a subscriber; one that is not there is no matter.
    ///
    /// - Complexity: O(filters filed under the same values).
    public mutating func remove(_ subscriber: Subscriber) {
        guard let member = members.removeValue(forKey: subscriber) else { return }
        for entry in memberSlots[member].entries {
            unfile(entry, entries[entry].filter, under: entries[entry].key)
            entries.remove(entry)
        }
        memberSlots.remove(member)
    }

    private mutating func file(_ entry: Int, _ filter: Filter, under key: FilterKey) {
        switch key {
        case .ids: for id in filter.ids ?? [] { byID[id, default: []].append(entry) }
        case .authors: for author in filter.authors ?? [] { byAuthor[author, default: []].append(entry) }
        case .tag(let condition):
            let tag = filter.tags[condition]
            for value in tag.values {
                byTag[TagKey(letter: tag.letter, value: value), default: []].append(entry)
            }
        case .kinds: for kind in filter.kinds ?? [] { byKind[kind, default: []].append(entry) }
        case .everything: rest.append(entry)
        }
    }

    private mutating func unfile(_ entry: Int, _ filter: Filter, under key: FilterKey) {
        switch key {
        case .ids: for id in filter.ids ?? [] { Self.take(entry, from: &byID, id) }
        case .authors: for author in filter.authors ?? [] { Self.take(entry, from: &byAuthor, author) }
        case .tag(let condition):
            let tag = filter.tags[condition]
            for value in tag.values {
                Self.take(entry, from: &byTag, TagKey(letter: tag.letter, value: value))
            }
        case .kinds: for kind in filter.kinds ?? [] { Self.take(entry, from: &byKind, kind) }
        case .everything: Self.take(entry, from: &rest)
        }
    }

    private static func take<Key: Hashable>(_ entry: Int, from lists: inout [Key: [Int]], _ key: Key) {
        guard let index = lists.index(forKey: key) else { return }
        take(entry, from: &lists.values[index])
        if lists.values[index].isEmpty { lists.remove(at: index) }
    }

    private static func take(_ entry: Int, from list: inout [Int]) {
        guard let index = list.firstIndex(of: entry) else { return }
        list.swapAt(index, list.count - 1)
        list.removeLast()
    }
}
