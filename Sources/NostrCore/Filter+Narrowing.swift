// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Filter {
    /// Whether it asks for no more than another, condition by condition: what matches it matches the other, and of what is
    /// stored it asks for no more at once.
    ///
    /// - Complexity: O(values of both).
    public func isWithin(_ other: Filter) -> Bool {
        if matchesNothing { return true }
        guard Self.isPart(ids, of: other.ids), Self.isPart(authors, of: other.authors),
            Self.isPart(kinds, of: other.kinds)
        else { return false }
        if let first = other.since, since.map({ $0 < first }) ?? true { return false }
        if let last = other.until, until.map({ $0 > last }) ?? true { return false }
        if let most = other.limit, limit.map({ $0 > most }) ?? true { return false }
        if let asked = other.search, !asked.isUnrestricted {
            guard let search, !asked.matchesNothing, asked.words.allSatisfy(search.words.contains) else {
                return false
            }
        }
        return other.tags.allSatisfy { asked in
            tags.contains { $0.letter == asked.letter && Self.isPart($0.values, of: asked.values) }
        }
    }

    /// Whether each of some filters asks for no more than one of others.
    public static func areAll(_ parts: [Filter], within whole: [Filter]) -> Bool {
        // Most often the first stands for the first.
        parts.indices.allSatisfy { index in
            whole.indices.contains(index) && parts[index].isWithin(whole[index])
                || whole.contains { parts[index].isWithin($0) }
        }
    }

    /// Of two sorted lists; `nil` is everything.
    private static func isPart<Value: Comparable>(_ part: [Value]?, of whole: [Value]?) -> Bool {
        guard let whole else { return true }
        guard let part, part.count <= whole.count else { return false }
        var rest = whole[...]
        for value in part {
            rest = rest.drop { $0 < value }
            guard rest.first == value else { return false }
        }
        return true
    }
}
