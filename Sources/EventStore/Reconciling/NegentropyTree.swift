// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// A set that the store keeps sums of, so that it can be reconciled without reading all of it (NIP-77).
public struct NegentropyTree: Hashable, Sendable {
    /// What is in the set: any filter without `since`, `until`, `limit` and `search`, which are cut off.
    public let filter: Filter
    /// Kinds that are left out, because not everybody may read them.
    public let leavingOut: [Kind]

    public init(_ filter: Filter, leavingOut kinds: [Kind] = []) {
        self.filter = filter.withoutSpan
        leavingOut = Array(Set(kinds)).sorted()
    }

    /// Trees of one store at most: each costs every write.
    public static let most = 64

    /// Whether an event belongs to the set, as far as its kind may be told.
    func matches(_ event: EventHeader, json: Span<UInt8>) -> Bool {
        filter.matchesEverything
            || filter.matches(json: json, layout: event.layout, id: event.id, pubkey: event.pubkey)
    }

    func leavesOut(_ kind: Kind) -> Bool { leavingOut.contains(kind) }

    /// Tells one list of trees from any other.
    static func row(of trees: [NegentropyTree]) -> [UInt8] {
        var row: [UInt8] = []
        for tree in trees {
            tree.filter.appendJSON(to: &row)
            row += tree.leavingOut.map { " \($0.rawValue)" }.joined().utf8
            row.append(UInt8(ascii: "\n"))
        }
        return Array(row)
    }
}

extension Filter {
    /// The filter of any time and any number.
    var withoutSpan: Filter {
        var filter = self
        (filter.since, filter.until, filter.limit, filter.search) = (nil, nil, nil, nil)
        return filter
    }

    var matchesEverything: Bool {
        ids == nil && authors == nil && kinds == nil && tags.isEmpty && since == nil && until == nil
            && search == nil
    }
}
