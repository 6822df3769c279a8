// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import RepositoryRules

/// Tells a true answer to a challenge from others (NIP-42).
final class Authenticator: Sendable {
    private let verifier = Verifier()
    private let authorities = NIOLockedValueBox<[ServiceAuthority]>([])

    /// How far `created_at` may lie from our clock, in **seconds**.
    private static let tolerance: Int64 = 600

    /// The relay can be reached.
    ///
    /// - Parameter authority: the name it has; without one it is where it listens, or this machine's name for itself.
    func listens(at address: ListenAddress, as authority: ServiceAuthority?) {
        authorities.withLockedValue {
            $0 = ServiceAuthority.own(domain: authority, listening: "\(address)", port: address.port)
        }
    }

    /// Whether a URL leads to this relay, by HTTP or by WebSocket; its path does not matter.
    func isOurs(_ url: String) -> Bool {
        let isHTTP = ["http://", "https://"].contains { url.lowercased().hasPrefix($0) }
        guard let relay = try? RelayURL(isHTTP ? "ws" + url.dropFirst(4) : url) else { return false }
        return authorities.withLockedValue { $0.contains { $0.matches(relay) } }
    }

    /// - Returns: why the event proves nothing, as the text of an `OK`; `nil` when its author is who sent it. What costs
    ///   nothing is looked at first.
    func refusal(of event: Event, challenge: String, at now: Timestamp) -> String? {
        guard event.kind == .clientAuthentication else { return "invalid: an AUTH event has kind 22242" }
        let tags = event.tags
        guard tags.first(named: "challenge") == challenge else {
            return "invalid: this is not the challenge of this connection"
        }
        guard let relay = tags.first(named: "relay"), isOurs(relay) else {
            return "invalid: the relay tag names another relay"
        }
        guard event.createdAt >= now.advanced(by: -Self.tolerance),
            event.createdAt <= now.advanced(by: Self.tolerance)
        else { return "invalid: created_at is more than ten minutes away" }
        guard event.hasTrueID() else { return "invalid: the id is not the hash of the event" }
        guard event.hasTrueSignature(using: verifier) else { return "invalid: bad signature" }
        return nil
    }
}
