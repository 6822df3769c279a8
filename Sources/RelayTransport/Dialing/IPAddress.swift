// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// The bits of an IP address, in host order.
enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(high: UInt64, low: UInt64)

    /// - Returns: `nil` for what is no IP address.
    init?(_ address: SocketAddress?) {
        guard let address else { return nil }
        // Offsets of `sin_addr` and `sin6_addr` in the kernel's structures (man 7 ip, man 7 ipv6).
        switch address {
        case .v4:
            self = .v4(UInt32(truncatingIfNeeded: Self.integer(address, bytes: 4..<8)))
        case .v6:
            self = .v6(high: Self.integer(address, bytes: 8..<16), low: Self.integer(address, bytes: 16..<24))
        case .unixDomainSocket:
            return nil
        }
    }

    private static func integer(_ address: SocketAddress, bytes: Range<Int>) -> UInt64 {
        address.withSockAddr { pointer, size in
            let raw = UnsafeRawBufferPointer(start: pointer, count: size)
            return raw[bytes].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
