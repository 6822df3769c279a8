// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore

/// What counts as one address in limits: an IPv4 address, or the /64 of an IPv6 address, which is what one
/// customer has at the least.
public enum AddressKey: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt64)
    case other

    public init(_ address: SocketAddress?) {
        switch IPAddress(address) {
        case .v4(let bits): self = .v4(bits)
        case .v6(let high, let low):
            // An IPv4 client of a socket for both.
            self = high == 0 && low >> 32 == 0xFFFF ? .v4(UInt32(truncatingIfNeeded: low)) : .v6(high)
        case nil: self = .other
        }
    }
}
