// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
public import NostrCore
public import RelayTransport

/// Tells who sent an HTTP request by the event in its `Authorization` header (NIP-98).
///
/// An event proves one request to this relay, with this body, once, within ``tolerance`` of its date. As nothing remembers
/// what was shown before a restart, an event signed before it proves nothing after it.
public final class HTTPAuthenticator: Sendable {
    /// Why nobody is known.
    public struct Refusal: Error, Hashable {
        public var reason: String
        /// Whether the request may simply be sent again later.
        public var isTemporary = false
    }

    /// How far `created_at` may lie from our clock, in **seconds** (NIP-98).
    static let tolerance: Int64 = 60
    /// **Bytes** of the header's event in Base64.
    private static let maxHeaderLength = 8_192

    private let authenticator: Authenticator
    private let verifier = Verifier()
    private let clock: RelayClock
    /// By the time of day, and by the clock that nobody sets.
    private let start: (time: Timestamp, uptime: Uptime)
    private let shown: NIOLockedValueBox<ReplayCache>

    /// - Parameters:
    ///   - authenticator: knows which relay this is.
    ///   - replays: proofs remembered at once.
    init(_ authenticator: Authenticator, replays: Int, clock: RelayClock) {
        self.authenticator = authenticator
        self.clock = clock
        start = (clock.now(), clock.uptime())
        shown = NIOLockedValueBox(ReplayCache(limit: replays))
    }

    /// Whose request it is. What costs nothing is looked at first, and only what somebody `mayAsk` has signed is remembered.
    ///
    /// - Parameter isExact: the URL must name the path and the query as well, and a request without a body needs no
    ///   `payload`. Otherwise any URL of this relay does, and the body is always hashed.
    public func author(
        of request: HTTPRequest, isExact: Bool = false, mayAsk: (PublicKey) -> Bool
    ) throws(Refusal) -> PublicKey {
        let now = clock.now()
        let event = try Self.event(in: request.headers)
        guard event.kind == Kind(27_235) else {
            throw Refusal(reason: "the event has another kind than 27235")
        }
        guard event.createdAt >= now.advanced(by: -Self.tolerance),
            event.createdAt <= now.advanced(by: Self.tolerance)
        else { throw Refusal(reason: "created_at is more than a minute away") }
        guard !mayPrecedeStart(event) else {
            throw Refusal(reason: "created_at is before the relay has started; sign the request anew")
        }
        let tags = event.tags
        guard let url = tags.first(named: "u"), authenticator.isOurs(url) else {
            throw Refusal(reason: "the u tag names another relay")
        }
        guard !isExact || Self.target(of: url) == request.target else {
            throw Refusal(reason: "the u tag names another path or query")
        }
        guard tags.first(named: "method") == request.method.rawValue else {
            throw Refusal(reason: "the method tag names another method")
        }
        let payload = tags.first(named: "payload")?.lowercased()
        guard
            payload == Hex.string(SHA256.digest(Array(request.body.readableBytesView)).bytes)
                || isExact && payload == nil && request.body.readableBytes == 0
        else { throw Refusal(reason: "the payload tag is not the hash of the body") }
        guard mayAsk(event.pubkey) else { throw Refusal(reason: "this key may not do that") }
        guard event.hasTrueID(), event.hasTrueSignature(using: verifier) else {
            throw Refusal(reason: "bad signature")
        }
        let end = event.createdAt.advanced(by: Self.tolerance)
        switch shown.withLockedValue({ $0.show(event.id, until: end, at: now) }) {
        case .new: return event.pubkey
        case .replayed: throw Refusal(reason: "the event was used before")
        case .full: throw Refusal(reason: "too many requests, try again in a minute", isTemporary: true)
        }
    }

    /// Whether a relay that ran before this one may have been shown it. Nobody asks once all of those are too old, lest a clock that
    /// was ahead at the start shuts everybody out.
    private func mayPrecedeStart(_ event: Event) -> Bool {
        event.createdAt < start.time && clock.uptime() - start.uptime <= .seconds(2 * Self.tolerance)
    }

    /// What a request for a URL asks for: `/a?b` of `https://host/a?b`.
    private static func target(of url: String) -> Substring {
        guard let scheme = url.firstRange(of: "://") else { return "" }
        let rest = url[scheme.upperBound...]
        return rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
    }

    private static func event(in headers: HTTPHeaders) throws(Refusal) -> Event {
        let values = headers["Authorization"]
        guard let value = values.first else { throw Refusal(reason: "an Authorization header is missing") }
        guard values.count == 1, value.utf8.count <= maxHeaderLength else {
            throw Refusal(reason: "one Authorization header of at most \(maxHeaderLength) bytes is taken")
        }
        let parts = value.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "nostr",
            let data = Data(base64Encoded: String(parts[1]))
        else { throw Refusal(reason: "Authorization is not \"Nostr\" and an event in Base64") }
        do { return try Event.parse(Array(data)).event } catch {
            throw Refusal(reason: "the event in Authorization cannot be read")
        }
    }
}

extension [Tag] {
    /// The value of the first tag of this name.
    func first(named name: String) -> String? { first { $0.name == TagValue(name) }?.value?.string }
}
