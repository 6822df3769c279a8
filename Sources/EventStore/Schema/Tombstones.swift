// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The keys of what must not come back. They stay when the deletion itself is gone.
struct Tombstones {
    let maker: KeyMaker

    /// Half of the id and half of the author: nobody can make another pair that agrees in 32 bytes.
    func key(_ id: EventID, by author: PublicKey) -> Key {
        var key = Key()
        key.append(id.bytes.words.0)
        key.append(id.bytes.words.1)
        key.append(author.bytes.words.0)
        key.append(author.bytes.words.1)
        return key
    }

    /// Kind, half of the author, hash of the identifier.
    func key(_ address: EventAddress) -> Key {
        var key = Key()
        key.append(address.kind.rawValue)
        key.append(address.pubkey.bytes.words.0)
        key.append(address.pubkey.bytes.words.1)
        key.append(maker.identifier(address.identifier))
        return key
    }

    func key(_ author: PublicKey) -> Key {
        var key = Key()
        key.append(author.bytes)
        return key
    }

    /// A row that holds a moment.
    static func row(_ time: Timestamp) -> Key { Key(UInt64(bitPattern: time.seconds)) }

    static func time(_ row: Span<UInt8>) throws(StoreError) -> Timestamp {
        guard row.count == 8 else { throw .corrupt("a moment of \(row.count) bytes") }
        return Timestamp(Int64(clamping: row.word(at: 0)))
    }
}
