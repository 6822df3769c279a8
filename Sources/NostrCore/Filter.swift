// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a subscription asks for (NIP-01): every condition given must hold.
///
/// A list that is present but empty matches nothing. Lists are kept sorted and free of duplicates.
public struct Filter: Hashable, Sendable {
    public var ids: [EventID]?
    public var authors: [PublicKey]?
    public var kinds: [Kind]?
    /// Conditions on single-letter tags, sorted by letter; at most one of each letter is not ``TagCondition/isOfAll``.
    public var tags: [TagCondition]
    /// Inclusive.
    public var since: Timestamp?
    /// Inclusive.
    public var until: Timestamp?
    /// Bounds stored events only.
    public var limit: Int?
    /// Words that must stand in the event (NIP-50); the answer's order follows from them.
    public var search: SearchQuery?

    /// `#x`: the event has a tag of this name whose first value is one of these.
    ///
    /// `&x` (NIP-91) asks for all of its values: it stands as a condition for each of them.
    public struct TagCondition: Hashable, Sendable {
        /// An ASCII letter, a … z or A … Z.
        public var letter: UInt8
        /// Sorted by bytes, without duplicates.
        public var values: [TagValue]
        /// Whether it is one of those that `&x` stands for.
        public var isOfAll: Bool

        public init(letter: UInt8, values: [TagValue], isOfAll: Bool = false) {
            self.letter = letter
            self.values = values
            self.isOfAll = isOfAll
        }
    }

    /// Sorts the lists and drops what is there twice. `tags` and `allTags` are keyed by letters, e.g. `["e": […]]`.
    public init(
        ids: [EventID]? = nil, authors: [PublicKey]? = nil, kinds: [Kind]? = nil,
        tags: [Character: [TagValue]] = [:], allTags: [Character: [TagValue]] = [:], since: Timestamp? = nil,
        until: Timestamp? = nil,
        limit: Int? = nil, search: SearchQuery? = nil
    ) {
        self.ids = ids.map(Self.sortedUnique)
        self.authors = authors.map(Self.sortedUnique)
        self.kinds = kinds.map(Self.sortedUnique)
        self.tags = tags.compactMap { name, values in
            name.asciiValue.map { TagCondition(letter: $0, values: Self.sortedUnique(values)) }
        }.sorted { $0.letter < $1.letter }
        self.since = since
        self.until = until
        self.limit = limit
        self.search = search
        for (name, values) in allTags {
            if let letter = name.asciiValue { require(all: Self.sortedUnique(values), of: letter) }
        }
    }

    static func sortedUnique<Value: Comparable>(_ values: [Value]) -> [Value] {
        var result: [Value] = []
        result.reserveCapacity(values.count)
        for value in values.sorted() where result.last != value { result.append(value) }
        return result
    }

    /// The values asked of one letter, whether one or all of them; `nil` when there is no such condition.
    public func values(of letter: Character) -> [TagValue]? {
        let conditions = tags.filter { $0.letter == letter.asciiValue }
        return conditions.isEmpty ? nil : conditions.flatMap(\.values)
    }

    /// Whether the filter asks for words, and so for an order by relevance (NIP-50).
    public var ranks: Bool { search.map { !$0.words.isEmpty } ?? false }

    /// Whether no event can match: an empty list, `since` after `until`, or a search without a letter.
    public var matchesNothing: Bool {
        if ids?.isEmpty == true || authors?.isEmpty == true || kinds?.isEmpty == true { return true }
        if tags.contains(where: { $0.values.isEmpty }) { return true }
        if let since, let until, since > until { return true }
        if let search, search.matchesNothing { return true }
        return false
    }
}
