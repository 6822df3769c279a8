// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What our own relay can be reached as, so that it never dials itself, however that is spelt.
public struct OwnAddresses: Hashable, Sendable {
    private var authorities: Set<Authority> = []

    private struct Authority: Hashable {
        let host: String
        /// `nil`: the default port of whichever scheme.
        let port: Int?
    }

    public init() {}

    /// Adds the public name: `host` or `host:port`.
    public mutating func insert(domain: String) {
        let (host, port) = Self.split(domain)
        guard !host.isEmpty else { return }
        authorities.insert(Authority(host: host, port: port.flatMap { Self.isDefault($0) ? nil : $0 }))
    }

    /// Adds where we listen: loopback names count as one, and a wildcard covers them all.
    public mutating func insert(listenHost: String, port: Int) {
        let host = Self.canonical(listenHost)
        let port = Self.isDefault(port) ? nil : port
        let isWildcard = host == "0.0.0.0" || host == "::"
        authorities.insert(Authority(host: isWildcard ? Self.loopback : host, port: port))
    }

    public func contains(_ url: RelayURL) -> Bool {
        authorities.contains(
            Authority(host: Self.canonical(url.host), port: Self.isDefault(url.port) ? nil : url.port))
    }

    /// Stands for every name of this machine to itself.
    private static let loopback = "localhost"

    private static func isDefault(_ port: Int) -> Bool { port == 80 || port == 443 }

    private static func canonical(_ host: String) -> String {
        var host = host.lowercased()
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host.hasSuffix(".") { host.removeLast() }
        if host == loopback || host.hasSuffix(".localhost") || host == "::1" || isLoopbackNumber(host) {
            return loopback
        }
        return host
    }

    private static func isLoopbackNumber(_ host: String) -> Bool {
        host.hasPrefix("127.") && host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    }

    private static func split(_ authority: String) -> (host: String, port: Int?) {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            let rest = authority[authority.index(after: end)...]
            return (canonical(String(authority[...end])), rest.hasPrefix(":") ? Int(rest.dropFirst()) : nil)
        }
        guard let colon = authority.lastIndex(of: ":"),
            let port = Int(authority[authority.index(after: colon)...])
        else { return (canonical(authority), nil) }
        return (canonical(String(authority[..<colon])), port)
    }
}
