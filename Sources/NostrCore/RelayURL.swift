// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A relay's address, normalised once at the edge: equal relays have equal values.
///
/// What is made equal (RFC 3986 §6, and what Nostr's libraries do): the case of scheme and host, `http` and
/// `ws`, the scheme's own port and none, a host in Unicode and in punycode, full-width letters and dots, a dot
/// after the host, spellings of an IPv6 address, percent-encodings, dot segments, repeated and trailing
/// slashes. Path and query are kept; a fragment is dropped. What is refused: user names, white space, control
/// characters, back-slashes, IPv4 addresses in other than four plain decimal numbers.
///
/// - Note: a host in Unicode is lower-cased but not brought into normal form C, for which the standard
///   library has no public means: `é` in two scalars makes another (unreachable) name than `é` in one.
public struct RelayURL: Sendable {
    /// `wss://host[:port][/path][?query]`.
    public let text: String
    /// `wss` rather than `ws`.
    public let isSecure: Bool
    /// Lower case, punycode; an IPv6 address stands in brackets.
    public let host: String
    public let port: Int
    /// What is asked of the server: the path, `/` when there is none, and `?query` where there is one.
    public let path: String

    /// - Throws: ``RelayURLError`` for what is no relay's address.
    public init(_ text: String) throws(RelayURLError) {
        let parts = try RelayURLParser.parse(text)
        isSecure = parts.isSecure
        host = parts.host
        port = parts.port ?? (parts.isSecure ? 443 : 80)
        path = parts.path
        let authority = Self.authority(host: host, port: port, isSecure: isSecure)
        let suffix = path == "/" ? "" : path.hasPrefix("/?") ? String(path.dropFirst()) : path
        self.text = (isSecure ? "wss://" : "ws://") + authority + suffix
        guard self.text.utf8.count <= CodecLimits.maxRelayURLLength else {
            throw RelayURLError("the address is too long")
        }
    }

    /// `host[:port]`; the port only where it is not the scheme's own.
    public var authority: String { Self.authority(host: host, port: port, isSecure: isSecure) }

    /// The host without the brackets of an IPv6 address, as resolvers take it.
    public var bareHost: String { host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host }

    /// Whether the host is a Tor service.
    public var isOnion: Bool { host.hasSuffix(".onion") }

    private static func authority(host: String, port: Int, isSecure: Bool) -> String {
        port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
    }
}

extension RelayURL: Hashable, Comparable, CustomStringConvertible {
    public static func == (a: RelayURL, b: RelayURL) -> Bool { a.text == b.text }
    public static func < (a: RelayURL, b: RelayURL) -> Bool { a.text < b.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
    public var description: String { text }
}

/// Why text is no relay's address.
public struct RelayURLError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A short constant reason in lower case.
    public let reason: String

    public init(_ reason: String) { self.reason = reason }
    public var description: String { reason }
}
