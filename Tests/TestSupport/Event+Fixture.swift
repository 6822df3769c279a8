// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
public import NostrCore

/// Keys that are the same in every run.
public enum TestKey {
    /// The secret key of number `n`: the hash of a fixed text and the number.
    public static func secret(_ n: Int) -> SecretKey {
        if let made = made.withLockedValue({ $0[n] }) { return made }
        let hash = SHA256.digest(Array("rookery test key \(n)".utf8).span)
        guard let key = SecretKey(bytes: hash.bytes) else { preconditionFailure("a hash out of range") }
        made.withLockedValue { $0[n] = key }
        return key
    }

    private static let made = NIOLockedValueBox<[Int: SecretKey]>([:])

    /// The public key of number `n`.
    public static func publicKey(_ n: Int) -> PublicKey { secret(n).publicKey }
}

extension Event {
    /// A true, signed event whose id is the same in every run.
    ///
    /// - Parameter author: the number of a ``TestKey``.
    public static func fixture(
        kind: Kind = .textNote, at createdAt: Int64 = 1_700_000_000, tags: [Tag] = [], content: String = "",
        by author: Int = 0
    ) -> Event {
        signed(kind: kind, at: Timestamp(createdAt), tags: tags, content: content, by: TestKey.secret(author))
    }

    /// A true event signed by `key`.
    public static func signed(
        kind: Kind, at createdAt: Timestamp, tags: [Tag] = [], content: String = "", by key: SecretKey
    ) -> Event {
        UnsignedEvent(
            pubkey: key.publicKey, createdAt: createdAt, kind: kind, tags: tags, content: content
        ).signed(by: key)
    }

    /// The canonical JSON as text.
    public var text: String { String(decoding: json, as: UTF8.self) }
}

extension Tag {
    /// A tag of these words.
    public static func of(_ elements: String...) -> Tag { Tag(elements) }
}
