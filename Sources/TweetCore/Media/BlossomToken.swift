// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What a Blossom server is permitted to do for somebody: an event of kind 24242 (BUD-11).
public enum BlossomToken {
    /// What the `t` tag names.
    public enum Verb: String, Hashable, Sendable, Codable {
        case get, upload, list, delete
    }

    public static let kind: Kind = 24_242
    /// **Seconds** that it is dated back, as servers' clocks differ and want it in the past.
    public static let datedBack: Int64 = 5

    /// A token to be signed: for these hashes, on these servers alone.
    ///
    /// - Parameters:
    ///   - hashes: in hex.
    ///   - servers: domains in lower case. One that is bound to none would be good for every server that sees it.
    ///   - seconds: how long it is good.
    public static func unsigned(
        _ verb: Verb, _ hashes: [String], servers: [String], author: PublicKey, at now: Timestamp,
        for seconds: Int64, content: String
    ) -> UnsignedEvent {
        var tags = [Tag(["t", verb.rawValue]), Tag(["expiration", "\(now.advanced(by: seconds))"])]
        tags += hashes.map { Tag(["x", $0]) }
        tags += servers.map { Tag(["server", $0]) }
        return UnsignedEvent(
            pubkey: author, createdAt: now.advanced(by: -datedBack), kind: kind, tags: tags, content: content)
    }

    /// The value of the `Authorization` header.
    public static func header(_ event: Event, _ spelling: Base64) -> String {
        "Nostr \(spelling.encoded(event.json))"
    }
}
