// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// Decides what may be dialled, before any packet leaves: strangers must not make this machine talk to its own network.
///
/// The rule is *resolve, check, connect to what was checked*: a name is resolved once, and the connection goes to an
/// address that passed, so a second answer of the resolver cannot lead elsewhere.
struct AddressGuard: Sendable {
    /// Whether private addresses and local names may be dialled.
    let allowsPrivate: Bool
    /// Whether a stranger named the target.
    let isForStrangers: Bool

    init(trust: DialTrust, options: DialOptions) {
        isForStrangers = trust == .namedByStrangers
        allowsPrivate = trust == .operatorNamed || options.allowPrivateAddresses
    }

    /// Why a host may not even be resolved.
    func refusal(of host: String) -> DialRefusal? {
        let name = (host.hasSuffix(".") ? host.dropLast() : Substring(host)).lowercased()
        guard !name.isEmpty, name.utf8.count <= 253,
            name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") })
        else { return .badHost }
        if name == "onion" || name.hasSuffix(".onion") { return .onion }
        if allowsPrivate { return nil }
        let isLocal = Self.localNames.contains { name == $0 || name.hasSuffix(".\($0)") }
        return isLocal ? .localName : nil
    }

    /// Top-level names that never mean a host on the internet (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`).
    private static let localNames = [
        "localhost", "localdomain", "local", "internal", "intranet", "lan", "home.arpa", "corp", "home",
        "private",
    ]

    /// The addresses that may be dialled, in their order.
    func allowed(_ addresses: [SocketAddress]) throws(DialError) -> [SocketAddress] {
        let allowed = addresses.filter { address in
            switch AddressClass(address) {
            case .global: true
            case .loopback, .privateUse, .sharedNetwork, .linkLocal, .documentation, .benchmarking, .reserved:
                allowsPrivate
            case .unspecified, .metadata, .multicast, .broadcast, .notInternet: false
            }
        }
        guard let first = addresses.first else { throw .dns("no address") }
        guard !allowed.isEmpty else { throw .refused(.address(AddressClass(first))) }
        return allowed
    }
}
