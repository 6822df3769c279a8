// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// How long some events are kept.
///
/// As text: an age or `forever`, then conditions, which must all hold: `30d`, `7d kinds=6,7,1000-1999`,
/// `forever authors=npub1…,<64 hex digits>`.
public struct RetentionRule: Hashable, Sendable, CustomStringConvertible {
    /// **Seconds** since `created_at`; `nil`: for ever.
    public var age: Int64?
    /// Empty: all but replaceable and addressable ones, of which the last version is what counts, however old.
    public var kinds: KindSet
    /// Empty: everybody.
    public var authors: Set<PublicKey>

    public init(age: Int64?, kinds: KindSet = KindSet(), authors: Set<PublicKey> = []) {
        self.age = age
        self.kinds = kinds
        self.authors = authors
    }

    /// Whether this rule is about events of a kind and an author.
    public func concerns(_ kind: Kind, by author: PublicKey) -> Bool {
        if !authors.isEmpty, !authors.contains(author) { return false }
        if kinds.isEmpty { return age == nil || !(kind.isReplaceable || kind.isAddressable) }
        return kinds.contains(kind)
    }

    /// Authors of one rule at most.
    public static let authorsMax = 1_000

    /// Reads a rule.
    ///
    /// - Throws: what is wrong with it.
    public init(_ text: String) throws(Unreadable) {
        let words = text.split(separator: " ")
        guard let first = words.first else { throw Unreadable("is empty") }
        self.init(age: nil)
        if first != "forever" {
            guard let age = RetentionAge.seconds(first), age > 0 else {
                throw Unreadable("must begin with an age like 90d, or with forever, not \(first.prefix(40))")
            }
            self.age = age
        }
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { throw Unreadable("has no condition \(word.prefix(40))") }
            for item in parts[1].split(separator: ",") { try add(item, to: parts[0]) }
        }
    }

    private mutating func add(_ item: Substring, to condition: Substring) throws(Unreadable) {
        switch condition {
        case "kinds":
            guard let range = KindSet.range(String(item)) else {
                throw Unreadable("kinds takes numbers and ranges, not \(item.prefix(40))")
            }
            kinds.insert(range)
        case "authors":
            guard let author = Self.author(String(item)) else {
                throw Unreadable("authors takes npub1… or 64 hex digits, not \(item.prefix(70))")
            }
            guard authors.count < Self.authorsMax else {
                throw Unreadable("names more than \(Self.authorsMax) authors")
            }
            authors.insert(author)
        default: throw Unreadable("has no condition \(condition.prefix(40)); kinds= and authors= there are")
        }
    }

    private static func author(_ text: String) -> PublicKey? {
        if let key = PublicKey(hex: text) { return key }
        guard case .npub(let key)? = NIP19Entity(bech32: text) else { return nil }
        return key
    }

    public var description: String {
        var words = [age.map(RetentionAge.text) ?? "forever"]
        if !kinds.isEmpty { words.append("kinds=\(kinds.ranges.map(Self.text).joined(separator: ","))") }
        if !authors.isEmpty { words.append("authors=\(authors.map(\.hex).sorted().joined(separator: ","))") }
        return words.joined(separator: " ")
    }

    private static func text(_ range: ClosedRange<UInt16>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }

    /// Why a text is no rule.
    public struct Unreadable: Error, Hashable, CustomStringConvertible {
        public let description: String

        init(_ description: String) { self.description = description }
    }
}
