// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A relay's address, normalised once at the edge: equal relays have equal values.
public struct RelayURL: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// `wss://host[:port][/path][?query]`.
    public let text: String
    /// `wss` rather than `ws`.
    public let isSecure: Bool
    /// Lower case, punycode; an IPv6 address is in brackets.
    public let host: String
    public let port: Int
    /// `/` when there is none.
    public let path: String

    /// - Throws: ``RelayURLError`` for what is no relay's address.
    public init(_ text: String) throws(RelayURLError) { fatalError("not written yet") }

    /// `host[:port]`; the port only where it is not the scheme's own.
    public var authority: String { port == (isSecure ? 443 : 80) ? host : "\(host):\(port)" }
    /// Whether the host is a Tor service.
    public var isOnion: Bool { host.hasSuffix(".onion") }
    public var description: String { text }

    public static func < (a: RelayURL, b: RelayURL) -> Bool { a.text < b.text }
}

/// Why text is no relay's address.
public struct RelayURLError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A short constant reason in lower case.
    public let reason: String

    public init(_ reason: String) { self.reason = reason }
    public var description: String { reason }
}
