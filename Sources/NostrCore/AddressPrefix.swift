// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The addresses that begin with the same bits: one address, `192.0.2.0/24`, `2001:db8::/32`.
public struct AddressPrefix: Hashable, Sendable, CustomStringConvertible {
    /// The lowest of them.
    public let first: NetworkAddress
    /// How many of 128 bits they share; of IPv4, the first 96 are given.
    public let length: Int

    public init(_ address: NetworkAddress, length: Int = 128) {
        let length = min(max(length, 0), 128)
        first = Self.cut(address, to: length)
        self.length = length
    }

    /// Reads an address, or an address, a slash and a number of bits; what lies beyond these bits is ignored.
    ///
    /// - Returns: `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = NetworkAddress(String(parts[0])) else { return nil }
        guard parts.count == 2 else {
            self.init(address)
            return
        }
        let isV4 = !parts[0].utf8.contains(UInt8(ascii: ":"))
        guard let bits = Int(parts[1]), String(bits) == parts[1], (0...(isV4 ? 32 : 128)).contains(bits)
        else { return nil }
        self.init(address, length: isV4 ? 96 + bits : bits)
    }

    public func contains(_ address: NetworkAddress) -> Bool { Self.cut(address, to: length) == first }

    /// In the one canonical way: lower case, `/` only where it is more than one address.
    public var description: String {
        if length == 128 { return first.description }
        // A prefix that reaches beyond IPv4 is one of IPv6.
        return first.isV4 && length >= 96 ? "\(first)/\(length - 96)" : "\(first)/\(length)"
    }

    private static func cut(_ address: NetworkAddress, to length: Int) -> NetworkAddress {
        func mask(_ bits: Int) -> UInt64 { bits <= 0 ? 0 : bits >= 64 ? .max : ~(UInt64.max >> UInt64(bits)) }
        return NetworkAddress(high: address.high & mask(length), low: address.low & mask(length - 64))
    }
}
