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
public struct SubscriptionIndex: Sendable {
    /// One filter of one subscriber.
    struct Entry: Sendable {
        var filter: Filter
        var subscription: Int
        /// What it is filed under; `nil`: asked about every event.
        var values: [ValueHash]?
        /// The last event this filter was tested with.
        var tested: UInt64 = 0
    }

    /// One subscriber, with the entries of its filters.
    struct Member: Sendable {
        var subscriber: LiveSubscriber
        var entries: [Int]
        /// The last event that was reported.
        var reported: UInt64 = 0
    }

    private var members: [LiveSubscriber: Int] = [:]
    var memberSlots = SlotList(
        nothing: Member(
            subscriber: LiveSubscriber(place: -1, slot: SubscriptionSlot(index: -1)), entries: []))
    var entries = SlotList(nothing: Entry(filter: Filter(), subscription: -1, values: nil))
    var byValue: [ValueHash: EntryList] = [:]
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
    var isEmptied: Bool { byValue.isEmpty && rest.isEmpty }

    /// Files a subscriber's filters in place of those it had. Filters that can match nothing take no room.
    ///
    /// - Complexity: O(values of the chosen fields).
    public mutating func insert(_ subscriber: LiveSubscriber, _ filters: [Filter]) {
        remove(subscriber)
        let member = memberSlots.insert(Member(subscriber: subscriber, entries: []))
        members[subscriber] = member
        for filter in filters where !filter.matchesNothing {
            let values = frequencies.rarestKey(of: filter).values
            let entry = entries.insert(Entry(filter: filter, subscription: member, values: values))
            memberSlots[member].entries.append(entry)
            file(entry, under: values)
        }
    }

    /// Forgets a subscriber; one that is not there is no matter.
    ///
    /// - Complexity: O(filters filed under the same values).
    public mutating func remove(_ subscriber: LiveSubscriber) {
        guard let member = members.removeValue(forKey: subscriber) else { return }
        for entry in memberSlots[member].entries {
            unfile(entry, under: entries[entry].values)
            entries.remove(entry)
        }
        memberSlots.remove(member)
    }

    private mutating func file(_ entry: Int, under values: [ValueHash]?) {
        guard let values else { return rest.append(entry) }
        byValue.reserveCapacity(byValue.count + values.count)
        for value in values {
            if byValue[value]?.append(entry) == nil { byValue[value] = .one(entry) }
        }
    }

    private mutating func unfile(_ entry: Int, under values: [ValueHash]?) {
        guard let values else { return rest.removeAll { $0 == entry } }
        for value in values {
            guard let index = byValue.index(forKey: value) else { continue }
            if byValue.values[index].remove(entry) { byValue.remove(at: index) }
        }
    }
}

/// One subscription of one conversation.
public struct LiveSubscriber: Hashable, Sendable {
    /// Of the conversation, in its event loop.
    public var place: Int
    public var slot: SubscriptionSlot

    public init(place: Int, slot: SubscriptionSlot) {
        self.place = place
        self.slot = slot
    }
}

/// Filters that are filed under one value; most often there is one.
enum EntryList: Sendable {
    case one(Int)
    case many([Int])

    mutating func append(_ entry: Int) {
        switch self {
        case .one(let first): self = .many([first, entry])
        case .many(var entries):
            self = .many([])
            entries.append(entry)
            self = .many(entries)
        }
    }

    /// - Returns: whether nothing is left.
    mutating func remove(_ entry: Int) -> Bool {
        switch self {
        case .one(let only): return only == entry
        case .many(var entries):
            self = .many([])
            if let index = entries.firstIndex(of: entry) { entries.swapAt(index, entries.count - 1) }
            if entries.last == entry { entries.removeLast() }
            self = .many(entries)
            return entries.isEmpty
        }
    }
}
