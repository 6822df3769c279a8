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
///
/// A value is one reference to parts that never change: copies cost a word, and see ``RelayURLPool``.
public struct RelayURL: Sendable {
    private let parts: Parts

    private final class Parts: Sendable {
        let text: String
        let isSecure: Bool
        let host: String
        let port: Int
        let path: String

        init(text: String, _ parsed: RelayURLParser, port: Int) {
            self.text = text
            self.port = port
            (isSecure, host, path) = (parsed.isSecure, parsed.host, parsed.path)
        }
    }

    /// `wss://host[:port][/path][?query]`.
    public var text: String { parts.text }
    /// `wss` rather than `ws`.
    public var isSecure: Bool { parts.isSecure }
    /// Lower case, punycode; an IPv6 address stands in brackets.
    public var host: String { parts.host }
    public var port: Int { parts.port }
    /// What is asked of the server: the path, `/` when there is none, and `?query` where there is one.
    public var path: String { parts.path }

    /// - Throws: ``RelayURLError`` for what is no relay's address.
    public init(_ text: String) throws(RelayURLError) {
        let parsed = try RelayURLParser.parse(text)
        let port = parsed.port ?? (parsed.isSecure ? 443 : 80)
        let path = parsed.path
        let authority = Self.authority(host: parsed.host, port: port, isSecure: parsed.isSecure)
        let suffix = path == "/" ? "" : path.hasPrefix("/?") ? String(path.dropFirst()) : path
        let text = (parsed.isSecure ? "wss://" : "ws://") + authority + suffix
        guard text.utf8.count <= CodecLimits.maxRelayURLLength else {
            throw RelayURLError("the address is too long")
        }
        parts = Parts(text: text, parsed, port: port)
    }

    /// `host[:port]`; the port only where it is not the scheme's own.
    public var authority: String { Self.authority(host: host, port: port, isSecure: isSecure) }

    private static func authority(host: String, port: Int, isSecure: Bool) -> String {
        port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
    }
}

extension RelayURL: Hashable, Comparable, CustomStringConvertible {
    public static func == (a: RelayURL, b: RelayURL) -> Bool { a.parts === b.parts || a.text == b.text }
    public static func < (a: RelayURL, b: RelayURL) -> Bool { a.text < b.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
    public var description: String { text }
}

/// Lets equal addresses be one: of the same few relays many thousands of announcements speak.
///
/// Beyond its bound it starts anew, which costs memory and nothing else.
public struct RelayURLPool: Sendable {
    private var known: Set<RelayURL> = []

    /// How many it knows at once.
    public static let most = 10_000

    public init() {}

    /// An equal address, of which there is one.
    public mutating func shared(_ url: RelayURL) -> RelayURL {
        if known.count >= Self.most { known.removeAll() }
        return known.insert(url).memberAfterInsert
    }
}

/// Why text is no relay's address.
public struct RelayURLError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A short constant reason in lower case.
    public let reason: String

    public init(_ reason: String) { self.reason = reason }
    public var description: String { reason }
}
