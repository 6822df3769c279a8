// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
public import NostrCore

/// Who wants which live event, without asking everybody.
///
/// Every filter is filed under the values of one of its fields, the one whose values pass by most rarely; a
/// filter without any such field is asked about every event. An event's own values then lead to the few
/// filters that may match, and each of those is tested once. Short filters that are the same are one, whoever asks.
///
///     event ──id──────▶ [#4]
///           ──author──▶ [#7 #9]      candidates: #4 #7 #9 #2 …, each tested once,
///           ──(t, x)──▶ [#2 #9]      each subscriber reported once
///           ──kind────▶ []
///           ──────────▶ rest [#5]
///
/// A long filter is filed a piece at a time, by ``tidy(_:)``: until then it is asked about every event.
public struct SubscriptionIndex: Sendable {
    /// One filter, and the subscribers that ask it.
    struct Question: Sendable {
        var filter: Filter
        /// Where it is found when somebody asks the same; `nil` when it is not looked for.
        var hash: Int?
        /// What it is filed under; `nil` when that was not chosen yet.
        var key: FilterKey?
        /// Of the key's values so many lead here.
        var filed = 0
        /// Where it stands among those that are asked about every event.
        var restPlace: Int?
        /// The members that ask.
        var askers = EntryList.none
        /// The last event this filter was tested with.
        var tested: UInt64 = 0
    }

    /// One subscriber, with the questions it asks.
    struct Member: Sendable {
        var subscriber: LiveSubscriber
        var questions = EntryList.none
        /// The last event that was reported.
        var reported: UInt64 = 0
    }

    private var members: [LiveSubscriber: Int] = [:]
    var memberSlots = SlotList(
        nothing: Member(subscriber: LiveSubscriber(place: -1, slot: SubscriptionSlot(index: -1))))
    var questions = SlotList(nothing: Question(filter: Filter()))
    private var questionsByHash: [Int: Int] = [:]
    var byValue = ValueTable()
    var rest: [Int] = []
    /// Questions to be filed, or forgotten, a piece at a time.
    private var chores: Deque<Int> = []
    var frequencies = FieldFrequencies()
    /// Filters that are filed under a word: while there are any, events are taken apart into words.
    private(set) var wordEntries = 0
    /// Counts events, so that marks of an earlier one need not be wiped.
    var eventNumber: UInt64 = 0

    /// So many values are filed or forgotten at once; more wait for ``tidy(_:)``.
    private let valuesAtOnce: Int

    public init(valuesAtOnce: Int = 512) { self.valuesAtOnce = valuesAtOnce }

    /// How many subscribers are filed.
    public var count: Int { members.count }
    /// How many different filters are filed.
    public var filterCount: Int { questions.count }
    /// Whether ``tidy(_:)`` has something to do.
    public var hasChores: Bool { !chores.isEmpty }

    /// Whether no value leads to any filter.
    var isEmptied: Bool { byValue.isEmpty && rest.isEmpty && questionsByHash.isEmpty }

    /// Filters of more values than this are not compared with those of others.
    private static let longestShared = 64

    /// Files a subscriber's filters in place of those it had. Filters that can match nothing take no room.
    ///
    /// - Complexity: O(filters).
    public mutating func insert(_ subscriber: LiveSubscriber, _ filters: [Filter]) {
        remove(subscriber)
        let member = memberSlots.insert(Member(subscriber: subscriber))
        members[subscriber] = member
        var room = valuesAtOnce
        for filter in filters where !filter.matchesNothing {
            let question = question(filter, &room)
            // Who asks the same twice asks once.
            if case .many(let asked) = memberSlots[member].questions, asked.contains(question) { continue }
            if case .one(question) = memberSlots[member].questions { continue }
            memberSlots[member].questions.append(question)
            questions[question].askers.append(member)
        }
    }

    /// Forgets a subscriber; one that is not there is no matter.
    ///
    /// - Complexity: O(filters, and subscribers that ask the same).
    public mutating func remove(_ subscriber: LiveSubscriber) {
        guard let member = members.removeValue(forKey: subscriber) else { return }
        let asked = memberSlots[member].questions
        memberSlots.remove(member)
        var room = valuesAtOnce
        for question in asked.all { leave(question, member, &room) }
    }

    private mutating func leave(_ question: Int, _ member: Int, _ room: inout Int) {
        questions[question].askers.remove(member)
        guard questions[question].askers.isEmpty else { return }
        if let hash = questions[question].hash { questionsByHash[hash] = nil }
        questions[question].hash = nil
        // Whoever files it sees that nobody asks any more.
        if isBeingFiled(question) { return }
        // One without values takes its time, too.
        let cost = max(1, questions[question].filed)
        if cost <= room {
            room -= cost
            unfile(question, .max)
        } else {
            chores.append(question)
        }
    }

    /// Goes on with what is left to be filed and forgotten, for about so many values.
    public mutating func tidy(_ values: Int) {
        var room = values
        while room > 0, let question = chores.first {
            // A filter without values costs its choice.
            room -= 1
            let isDone =
                questions[question].askers.isEmpty ? unfile(question, room) : file(question, room)
            room -= isDone.values
            if isDone.isWhole { chores.removeFirst() }
        }
        if chores.isEmpty { chores = [] }
    }
}

// MARK: - Filing

extension SubscriptionIndex {
    /// The question that a filter is: one that somebody asks already, or a new one.
    private mutating func question(_ filter: Filter, _ room: inout Int) -> Int {
        var filter = filter
        filter.limit = nil
        let size = filter.valueCount
        var hash: Int?
        if size <= Self.longestShared {
            let own = filter.hashValue
            hash = own
            if let other = questionsByHash[own] {
                if questions[other].filter == filter { return other }
                hash = nil
            }
        }
        let question = questions.insert(Question(filter: filter, hash: hash))
        if let hash { questionsByHash[hash] = question }
        if size <= room {
            room -= size
            file(question, .max)
        } else {
            joinRest(question)
            chores.append(question)
        }
        return question
    }

    /// A long one lies in the rest until it is filed.
    private func isBeingFiled(_ question: Int) -> Bool {
        questions[question].restPlace != nil && questions[question].key != .everything
    }

    /// Files a question under so many more of its values.
    ///
    /// - Returns: under how many, and whether those were the last.
    @discardableResult
    private mutating func file(_ question: Int, _ room: Int) -> (values: Int, isWhole: Bool) {
        let filter = questions[question].filter
        let key = questions[question].key ?? frequencies.rarestKey(of: filter)
        questions[question].key = key
        if key == .everything {
            joinRest(question)
            return (0, true)
        }
        let (start, all) = (questions[question].filed, key.count(in: filter))
        let end = min(all, start + min(room, all))
        for number in start..<end {
            if let value = key.value(number, of: filter) { byValue.insert(question, under: value) }
        }
        questions[question].filed = end
        if key == .word, start == 0, end == 1 { wordEntries += 1 }
        if end == all { leaveRest(question) }
        return (end - start, end == all)
    }

    /// Takes a question that nobody asks from so many of its values; from the last of them, it is no more.
    ///
    /// - Returns: from how many, and whether it is gone.
    @discardableResult
    private mutating func unfile(_ question: Int, _ room: Int) -> (values: Int, isWhole: Bool) {
        leaveRest(question)
        let (filed, filter) = (questions[question].filed, questions[question].filter)
        let left = max(0, filed - min(room, filed))
        if let key = questions[question].key {
            for number in left..<filed {
                if let value = key.value(number, of: filter) { byValue.remove(question, under: value) }
            }
        }
        questions[question].filed = left
        if questions[question].key == .word, filed == 1, left == 0 { wordEntries -= 1 }
        if left == 0 { questions.remove(question) }
        return (filed - left, left == 0)
    }

    private mutating func joinRest(_ question: Int) {
        guard questions[question].restPlace == nil else { return }
        questions[question].restPlace = rest.count
        rest.append(question)
    }

    /// The last one takes its place.
    private mutating func leaveRest(_ question: Int) {
        guard let place = questions[question].restPlace, let last = rest.popLast() else { return }
        if last != question {
            rest[place] = last
            questions[last].restPlace = place
        }
        questions[question].restPlace = nil
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
