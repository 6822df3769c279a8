// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// A filter as NIP-01 and NIP-91 describe it, taken from ``NaiveJSON``: what ``Filter`` is compared with. Words (NIP-50) are not
/// looked for.
struct NaiveFilter {
    private var ids: [[UInt8]]?
    private var authors: [[UInt8]]?
    private var kinds: [Int64]?
    private var since: Int64?
    private var until: Int64?
    /// By letter: one of these.
    private var any: [UInt8: [[UInt8]]] = [:]
    /// By letter: all of these, and of several lists each.
    private var all: [(letter: UInt8, values: [[UInt8]])] = []
    private(set) var searches = false

    /// - Returns: `nil` for what must be refused.
    init?(_ json: NaiveJSON?) {
        guard let members = json?.members else { return nil }
        var names: Set<[UInt8]> = []
        for (name, value) in members {
            guard names.insert(name).inserted, take(name, value) else { return nil }
        }
    }

    /// How many conditions on tags it is, if every value that all must have counts for one.
    var tagConditions: Int { any.count + all.map { max(1, $0.values.count) }.reduce(0, +) }

    private mutating func take(_ name: [UInt8], _ value: NaiveJSON) -> Bool {
        switch name {
        case Array("ids".utf8):
            ids = Self.list(value) { $0.digits(64) }
            return ids != nil
        case Array("authors".utf8):
            authors = Self.list(value) { $0.digits(64) }
            return authors != nil
        case Array("kinds".utf8):
            kinds = Self.list(value) { $0.plainNumber.flatMap { $0 <= 65_535 ? $0 : nil } }
            return kinds != nil
        case Array("since".utf8):
            since = Self.moment(value)
            return since != nil
        case Array("until".utf8):
            until = Self.moment(value)
            return until != nil
        case Array("limit".utf8): return value.plainNumber != nil
        case Array("search".utf8):
            searches = true
            return value.text != nil
        default: return takeTags(name, value)
        }
    }

    private mutating func takeTags(_ name: [UInt8], _ value: NaiveJSON) -> Bool {
        guard name.count > 1, (65...90).contains(name[1] & 0xDF), name[1] < 0x80,
            let values = Self.list(value, { $0.text?.meant })
        else { return false }
        switch (name[0], name.count, name.last) {
        case (UInt8(ascii: "#"), 2, _): any[name[1]] = values
        case (UInt8(ascii: "&"), 2, _), (UInt8(ascii: "#"), 3, UInt8(ascii: "&")):
            all.append((name[1], values))
        default: return false
        }
        return true
    }

    private static func list<Value>(_ json: NaiveJSON, _ element: (NaiveJSON) -> Value?) -> [Value]? {
        guard let elements = json.elements else { return nil }
        let values = elements.compactMap(element)
        return values.count == elements.count ? values : nil
    }

    /// Not beyond 2^63 - 1.
    private static func moment(_ json: NaiveJSON) -> Int64? {
        guard let number = json.plainNumber, case .number(let digits) = json,
            Array(String(number).utf8) == digits
        else { return nil }
        return number
    }

    /// Whether every condition holds.
    func matches(_ event: NaiveEvent) -> Bool {
        if let since, event.createdAt < since { return false }
        if let until, event.createdAt > until { return false }
        if let ids, !ids.contains(event.id) { return false }
        if let authors, !authors.contains(event.pubkey) { return false }
        if let kinds, !kinds.contains(event.kind) { return false }
        for (letter, values) in all {
            // A list that is empty matches nothing.
            if values.isEmpty { return false }
            guard values.allSatisfy({ Self.has(event, letter, $0) }) else { return false }
        }
        for (letter, values) in any {
            if values.isEmpty { return false }
            // What must be there anyway says nothing here (NIP-91).
            let required = all.filter { $0.letter == letter }.flatMap(\.values)
            let asked = values.filter { !required.contains($0) }
            guard asked.isEmpty || asked.contains(where: { Self.has(event, letter, $0) }) else {
                return false
            }
        }
        return true
    }

    private static func has(_ event: NaiveEvent, _ letter: UInt8, _ value: [UInt8]) -> Bool {
        event.tags.contains { $0.count > 1 && $0[0] == [letter] && $0[1] == value }
    }
}
