// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Which version of the layout a file has. See `docs/explanation/store-layout.md`.
///
///     version 4 ‖ masks of the key shape 4 + 8 + 8 + 8
enum StoreFormat {
    static let version: UInt32 = 1
    static let formatKey = Key("format")
    static let secretKey = Key("secret")
    /// The last commit by a version that keeps derived tables in step.
    static let keptKey = Key("kept")
    /// The last commit that kept the index of words in step, and which words: see ``SearchLimits/version``.
    static let keptWordsKey = Key("kept.word")
    /// The last commit that kept trees in step, and which trees.
    static let keptTreesKey = Key("kept.tree")
    /// The last commit that kept groups in step, and which groups.
    static let keptGroupsKey = Key("kept.group")
    /// Events that were removed and still count in sketches.
    static let staleKey = Key("stale.sketch")

    static func keptWords(_ sequence: CommitSequence) -> Key {
        var row = Key(sequence.rawValue)
        row.append(SearchLimits.version)
        return row
    }

    static func row(_ shape: KeyShape) -> Key {
        var row = Key()
        row.append(version)
        row.append(shape.idPrefix)
        row.append(shape.id)
        row.append(shape.author)
        row.append(shape.hash)
        return row
    }

    /// - Throws: ``StoreError/wrongFormat(_:)`` unless this version wrote the file.
    static func check(_ row: Span<UInt8>, _ shape: KeyShape) throws(StoreError) {
        guard row.count >= 4 else { throw .wrongFormat("the store does not say which format it has") }
        let found = row.half(at: 0)
        if found > version {
            throw .wrongFormat(
                "the store has format \(found), written by a newer version; this one reads format \(version)")
        }
        if found < version {
            throw .wrongFormat(
                "the store has format \(found), which this version cannot read; export it with the old one")
        }
        let expected = Self.row(shape)
        guard row.count == expected.count, row.starts(with: expected.span) else {
            throw .wrongFormat("the store has format \(found) with other key prefixes")
        }
    }

    static func secret(_ row: Span<UInt8>) throws(StoreError) -> KeyHash.Secret {
        guard row.count == 16 else { throw .corrupt("a secret of \(row.count) bytes") }
        return KeyHash.Secret(low: row.word(at: 0), high: row.word(at: 8))
    }

    static func row(_ secret: KeyHash.Secret) -> Key {
        var row = Key()
        row.append(secret.low)
        row.append(secret.high)
        return row
    }
}
