// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// A token that a Blossom server was shown, and that holds: who showed it, and for which blobs (BUD-11, "Validation").
public struct BlossomCredential: Hashable, Sendable {
    public let key: PublicKey
    /// In hex; empty for a token that names none.
    public let hashes: [String]

    /// Why a token holds for nothing.
    public struct Refusal: Error, Hashable, Sendable {
        public var reason: String
        public init(_ reason: String) { self.reason = reason }
    }

    /// **Bytes** of the header.
    public static let maxHeaderLength = 12_288

    /// - Parameters:
    ///   - headers: the values of `Authorization`.
    ///   - domain: the server's own, in lower case.
    ///   - skew: **seconds** that `created_at` may lie ahead of our clock.
    public init(
        _ headers: [String], for verb: BlossomToken.Verb, domain: String, at now: Timestamp, skew: Int64,
        verifier: Verifier
    ) throws(Refusal) {
        let event = try Self.event(in: headers)
        guard event.kind == BlossomToken.kind else { throw Refusal("the token has another kind than 24242") }
        guard event.createdAt <= now.advanced(by: skew) else { throw Refusal("the token is dated ahead") }
        let tags = event.tags
        guard let expiration = Self.values("expiration", tags).first.flatMap({ Int64($0) }),
            expiration > now.seconds
        else { throw Refusal("the token has expired, or does not say when it does") }
        guard Self.values("t", tags).contains(verb.rawValue) else {
            throw Refusal("the token is not for \(verb.rawValue)")
        }
        let servers = Self.values("server", tags)
        guard servers.isEmpty || servers.contains(domain) else {
            throw Refusal("the token is for other servers")
        }
        guard event.hasTrueID(), event.hasTrueSignature(using: verifier) else {
            throw Refusal("bad signature")
        }
        key = event.pubkey
        hashes = Self.values("x", tags)
    }

    private static func event(in headers: [String]) throws(Refusal) -> Event {
        guard let header = headers.first else { throw Refusal("an Authorization header is missing") }
        guard headers.count == 1, header.utf8.count <= maxHeaderLength else {
            throw Refusal("one Authorization header of at most \(maxHeaderLength) bytes is taken")
        }
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "nostr", let json = Base64.decode(parts[1]) else {
            throw Refusal("Authorization is not \"Nostr\" and an event in Base64")
        }
        do { return try Event.parse(json).event } catch {
            throw Refusal("the event in Authorization cannot be read")
        }
    }

    private static func values(_ name: String, _ tags: [Tag]) -> [String] {
        tags.lazy.filter { $0.name == TagValue(name) }.compactMap { $0.value?.string }
    }
}
