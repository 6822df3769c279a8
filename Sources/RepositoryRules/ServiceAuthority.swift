// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// The authority under which this service is announced: `host[:port]`.
///
/// Compared after normalisation, host with host and port with port, never as a piece of text: neither
/// `evil-relay.example.com` nor `relay.example.com.attacker` is `relay.example.com`.
public struct ServiceAuthority: Hashable, Sendable, CustomStringConvertible {
    /// Lower-case, without a trailing dot; an international name in its ASCII form.
    public let host: String
    /// `nil` for the default port of whichever scheme a URL has.
    public let port: Int?

    /// Reads `host[:port]`, as in `relay.example.com`, `127.0.0.1:7777` or `[::1]:7777`.
    ///
    /// - Returns: `nil` for anything else; a scheme or a path among them.
    public init?(_ domain: String) {
        guard !domain.isEmpty, !domain.utf8.contains(where: Self.isOutsideAuthority),
            let url = try? RelayURL("wss://\(domain)")
        else { return nil }
        host = Self.withoutTrailingDots(url.host)
        port = Self.namesPort(domain) ? url.port : nil
        if host.isEmpty { return nil }
    }

    /// Whether a relay's URL has this authority; its path does not matter.
    public func matches(_ relay: RelayURL) -> Bool {
        guard Self.withoutTrailingDots(relay.host) == host else { return false }
        return relay.port == port ?? (relay.isSecure ? 443 : 80)
    }

    /// Whether a clone URL is one of HTTP or HTTPS with this authority; its path does not matter.
    public func matches(cloneURL: String) -> Bool {
        guard let relay = CloneURL.relay(beside: cloneURL) else { return false }
        return matches(relay)
    }

    public var description: String { port.map { "\(host):\($0)" } ?? host }

    private static func isOutsideAuthority(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == 0x7F || "/\\?#@".utf8.contains(byte)
    }

    private static func namesPort(_ domain: String) -> Bool {
        guard let colon = domain.lastIndex(of: ":") else { return false }
        return !domain[colon...].contains("]")
    }

    private static func withoutTrailingDots(_ host: String) -> String {
        var host = Substring(host)
        while host.last == "." { host.removeLast() }
        return String(host)
    }
}
