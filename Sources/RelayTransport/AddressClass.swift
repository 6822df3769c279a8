// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What kind of IP address a target has (IANA special-purpose registries, RFC 6890).
public enum AddressClass: String, Hashable, Sendable, CaseIterable {
    /// Globally reachable unicast: the only class that strangers may name.
    case global
    case unspecified, loopback, privateUse, sharedNetwork, linkLocal, metadata
    case multicast, broadcast, documentation, benchmarking, reserved
    /// Not an IP address at all.
    case notInternet
}
