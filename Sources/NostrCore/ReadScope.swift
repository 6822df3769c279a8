// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What one reader may see: events of guarded kinds only if they wrote them or are named in a `p` tag (NIP-17, NIP-59),
/// whatever they ask by and whichever way events come.
public struct ReadScope: Hashable, Sendable {
    /// Sorted, without duplicates; few.
    public let guardedKinds: [Kind]
    /// Whom the reader has authenticated as (NIP-42); any of them counts.
    public internal(set) var keys: [PublicKey]

    /// For readings of our own: everything.
    public static let unrestricted = ReadScope(guardedKinds: [])

    public init(guardedKinds: [Kind], keys: [PublicKey] = []) {
        self.guardedKinds = Filter.sortedUnique(guardedKinds)
        self.keys = keys
    }

    /// The reader has shown one more key.
    public mutating func insert(_ key: PublicKey) {
        if !keys.contains(key) { keys.append(key) }
    }

    /// What a filter may bring this reader.
    public enum Verdict: Hashable, Sendable {
        /// Nothing that is guarded.
        case free
        /// Guarded events among others: only those that the reader may see are there.
        case filtered
        /// Guarded events alone, and nobody knows who the reader is.
        case needsAuthentication
        /// Guarded events alone, of others.
        case restricted
    }

    public func guards(_ kind: Kind) -> Bool { guardedKinds.contains(kind) }

    public func judge(_ filter: Filter) -> Verdict {
        guard let kinds = filter.kinds else { return guardedKinds.isEmpty ? .free : .filtered }
        let guarded = kinds.count { guards($0) }
        if guarded == 0 { return .free }
        if guarded < kinds.count { return .filtered }
        if keys.isEmpty { return .needsAuthentication }
        // Somebody else's post to others: of whom it is by, or of whom it is for, nobody is the reader.
        let isToOthers = filter.values(of: "p").map { named in
            !keys.contains { named.contains(TagValue($0.hex)) }
        }
        let isByOthers = filter.authors.map { authors in !keys.contains { authors.contains($0) } }
        return isToOthers == true && isByOthers != false ? .restricted : .filtered
    }

    /// Whether the reader may see an event.
    public func allows(_ event: Event) -> Bool {
        allows(json: event.json.span, layout: event.layout, pubkey: event.pubkey)
    }

    /// The same on canonical bytes. Looks at the tags of guarded kinds alone.
    public func allows(json: Span<UInt8>, layout: EventLayout, pubkey: PublicKey) -> Bool {
        guard guards(layout.kind) else { return true }
        if keys.isEmpty { return false }
        if keys.contains(pubkey) { return true }
        var scanner = TagScanner(layout)
        while let tag = scanner.next(in: json) {
            guard tag.letter(in: json) == UInt8(ascii: "p"), let value = tag.value, value.count == 64,
                let named = Hex.decode32(json, at: value.lowerBound)
            else { continue }
            if keys.contains(PublicKey(named)) { return true }
        }
        return false
    }
}
