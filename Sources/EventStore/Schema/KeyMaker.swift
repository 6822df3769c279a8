// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Turns ids, authors, tags and addresses into the eight bytes that index keys carry of them.
struct KeyMaker: Hashable, Sendable {
    let secret: KeyHash.Secret
    let shape: KeyShape

    @inline(__always)
    func id(_ id: EventID) -> UInt64 { id.bytes.words.0 & shape.id }

    @inline(__always)
    func author(_ key: PublicKey) -> UInt64 { key.bytes.words.0 & shape.author }

    @inline(__always)
    func posting(_ createdAt: Timestamp, _ id: EventID, _ serial: Serial) -> Posting {
        Posting(
            invertedTime: Self.invert(createdAt),
            idPrefix: UInt32(truncatingIfNeeded: id.bytes.words.0 >> 32) & shape.idPrefix, serial: serial)
    }

    @inline(__always)
    static func invert(_ time: Timestamp) -> UInt64 { .max - UInt64(bitPattern: time.seconds) }

    @inline(__always)
    static func time(inverted: UInt64) -> Timestamp {
        Timestamp(Int64(clamping: UInt64.max - inverted))
    }

    /// A single-letter tag's value. A letter is never 0 … 4, which the other hashes begin with.
    @inline(__always)
    func tag(_ letter: UInt8, _ value: Span<UInt8>) -> UInt64 {
        var hash = KeyHash(secret)
        hash.absorb(letter)
        hash.absorb(value)
        return hash.finish() & shape.hash
    }

    /// A word that is searched for.
    @inline(__always)
    func word(_ word: SearchWord) -> UInt64 {
        var hash = KeyHash(secret)
        hash.absorb(word: 3 | UInt64(word.count) << 8)
        hash.absorb(word: word.pieces.0)
        if word.count > 8 { hash.absorb(word: word.pieces.1) }
        if word.count > 16 { hash.absorb(word: word.pieces.2) }
        if word.count > 24 { hash.absorb(word: word.pieces.3) }
        return hash.finish() & shape.hash
    }

    func address(_ address: EventAddress) -> UInt64 {
        self.address(address.kind, address.pubkey, address.identifier.bytes.span)
    }

    func address(_ kind: Kind, _ pubkey: PublicKey, _ identifier: Span<UInt8>) -> UInt64 {
        var hash = KeyHash(secret)
        hash.absorb(0)
        hash.absorb(UInt8(truncatingIfNeeded: kind.rawValue >> 8))
        hash.absorb(UInt8(truncatingIfNeeded: kind.rawValue))
        var key = Key()
        key.append(pubkey.bytes)
        hash.absorb(key.span)
        hash.absorb(identifier)
        return hash.finish() & shape.hash
    }

    /// An identifier alone, for tombstones. There is no record to look at, so tests do not narrow it; two
    /// identifiers of one author that agree in 64 secret bits will not be met.
    func identifier(_ identifier: TagValue) -> UInt64 {
        var hash = KeyHash(secret)
        hash.absorb(1)
        hash.absorb(identifier.bytes.span)
        return hash.finish()
    }

    /// The letters that are indexed by kind as well.
    @inline(__always)
    static func isIndexedByKind(_ letter: UInt8) -> Bool {
        switch letter {
        case UInt8(ascii: "a"), UInt8(ascii: "A"), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "q"),
            UInt8(ascii: "p"), UInt8(ascii: "r"), UInt8(ascii: "d"), UInt8(ascii: "t"):
            true
        default: false
        }
    }
}

extension Key {
    @inline(__always)
    mutating func append(_ bytes: Bytes32) {
        append(bytes.words.0)
        append(bytes.words.1)
        append(bytes.words.2)
        append(bytes.words.3)
    }
}
