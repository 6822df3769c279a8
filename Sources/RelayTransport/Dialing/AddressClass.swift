// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore

/// What kind of IP address a target has.
///
/// Source: the IANA special-purpose address registries (RFC 6890). An IPv6 address that carries an IPv4 address
/// (mapped, compatible, 6to4, Teredo, NAT64, ISATAP) has the class of what it carries, as that is where the packets go.
public enum AddressClass: String, Hashable, Sendable, CaseIterable {
    /// Globally reachable unicast: the only class that strangers may name.
    case global
    /// `0.0.0.0/8`, `::`: on many systems this machine.
    case unspecified
    /// `127.0.0.0/8`, `::1`.
    case loopback
    /// `10/8`, `172.16/12`, `192.168/16`, `fc00::/7`, `fec0::/10`.
    case privateUse
    /// Carrier-grade NAT, `100.64.0.0/10`.
    case sharedNetwork
    /// `169.254.0.0/16`, `fe80::/10`.
    case linkLocal
    /// Where clouds answer questions about a machine's identity: `169.254.169.254` and its like.
    case metadata
    /// `224.0.0.0/4`, `ff00::/8`.
    case multicast
    /// `255.255.255.255`.
    case broadcast
    /// `192.0.2.0/24` and its like, `2001:db8::/32`, `3fff::/20`.
    case documentation
    /// `198.18.0.0/15`, `2001:2::/48`.
    case benchmarking
    /// Everything else that is not globally reachable unicast.
    case reserved
    /// Not an IP address at all.
    case notInternet

    public init(_ address: SocketAddress) {
        switch IPAddress(address) {
        case .v4(let bits): self.init(v4: bits)
        case .v6(let high, let low): self.init(high: high, low: low)
        case nil: self = .notInternet
        }
    }
}
