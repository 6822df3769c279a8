// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

package import NostrCore
import TestSupport

extension Event {
    /// An event with a false signature, which the store does not look at; `id` may be false too.
    package static func unsigned(
        _ kind: Kind = .textNote, at createdAt: Int64 = 1_600_000_000, by author: Int = 0, _ tags: [Tag] = [],
        _ content: String = "", id: EventID? = nil
    ) -> Event {
        UnsignedEvent(
            pubkey: TestAuthor.key(author), createdAt: Timestamp(createdAt), kind: kind, tags: tags,
            content: content
        ).withSignature([UInt8](repeating: 7, count: 64), id: id)
    }

    /// Two events of one moment and address, the one with the lower id first.
    package static func tie(_ kind: Kind, at createdAt: Int64 = 1_600_000_000, _ tags: [Tag] = []) -> [Event]
    {
        [unsigned(kind, at: createdAt, tags, "a"), unsigned(kind, at: createdAt, tags, "b")].sorted {
            $0.id < $1.id
        }
    }

    package var idTag: Tag { ["e", TagValue(id.hex)] }

    package func addressTag(_ identifier: TagValue = "") -> Tag {
        ["a", EventAddress(kind: kind, pubkey: pubkey, identifier: identifier).text]
    }
}

/// Keys without secrets.
package enum TestAuthor {
    package static func key(_ n: Int) -> PublicKey {
        PublicKey(SHA256.digest(Array("author \(n)".utf8).span))
    }
}
