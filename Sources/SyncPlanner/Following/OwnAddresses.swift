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
        insert(host, port.flatMap { Self.isDefault($0) ? nil : $0 })
    }

    /// Adds where we listen. A wildcard covers every loopback address; those of the machine's interfaces are
    /// added one by one.
    public mutating func insert(listenHost: String, port: Int) {
        insert(Self.canonical(listenHost), Self.isDefault(port) ? nil : port)
    }

    public func contains(_ url: RelayURL) -> Bool {
        let host = Self.canonical(url.host)
        let port = Self.isDefault(url.port) ? nil : url.port
        return authorities.contains(Authority(host: host, port: port))
            || Self.isLoopback(host) && authorities.contains(Authority(host: Self.everyLoopback, port: port))
    }

    private mutating func insert(_ host: String, _ port: Int?) {
        let hosts: [String] =
            switch host {
            // Who dials a wildcard reaches the first loopback address.
            case "0.0.0.0", "::": [Self.everyLoopback]
            case Self.localhost: [host, "127.0.0.1", "::1", "0.0.0.0", "::"]
            case "127.0.0.1": [host, Self.localhost, "0.0.0.0"]
            case "::1": [host, Self.localhost, "::"]
            default: [host]
            }
        for host in hosts { authorities.insert(Authority(host: host, port: port)) }
    }

    private static let localhost = "localhost"
    /// Stands for every loopback address; no host is called so.
    private static let everyLoopback = "*"

    private static func isDefault(_ port: Int) -> Bool { port == 80 || port == 443 }

    private static func canonical(_ host: String) -> String {
        var host = host.lowercased()
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host.hasSuffix(".") { host.removeLast() }
        return host.hasSuffix(".localhost") ? localhost : host
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == localhost || host == "::1" || host == "::" || host == "0.0.0.0"
            || host.hasPrefix("127.") && host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
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
