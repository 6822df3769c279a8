// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NostrCore
import TestSupport

/// An event's tag: a test's is not meant here.
typealias Tag = NostrCore.Tag

/// Somebody who writes events, with a key that nobody else in this run has.
struct Author: Sendable {
    let key: SecretKey

    private static let made = NIOLockedValueBox(10_000)

    init() {
        key = TestKey.secret(
            Self.made.withLockedValue { number in
                number += 1
                return number
            })
    }

    /// 64 digits.
    var hex: String { key.publicKey.hex }

    /// A signed event of this author.
    func event(
        _ kind: Kind = .textNote, at time: Int64 = .now, tags: Tag..., content: String = ""
    ) -> Event { event(kind, at: time, tags: tags, content: content) }

    /// The same with tags that were gathered.
    func event(
        _ kind: Kind = .textNote, at time: Int64 = .now, tags: [Tag], content: String = ""
    ) -> Event {
        .signed(kind: kind, at: Timestamp(time), tags: tags, content: content, by: key)
    }

    /// A deletion (NIP-09) without `k` tags.
    func deletion(at time: Int64 = .now, of targets: Tag...) -> Event {
        event(.deletion, at: time, tags: targets)
    }

    /// What answers a challenge (NIP-42).
    func proof(
        _ challenge: String, to relay: String, kind: Kind = .clientAuthentication, at time: Int64 = .now
    ) -> Event {
        event(kind, at: time, tags: .of("relay", relay), .of("challenge", challenge))
    }

    /// `kind:pubkey:identifier`.
    func address(_ kind: Kind, _ identifier: String = "") -> String { "\(kind):\(hex):\(identifier)" }
}

extension Int64 {
    /// **Seconds** since 1970.
    static var now: Int64 { Int64(Date().timeIntervalSince1970) }
}
