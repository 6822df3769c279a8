// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The ranges, most specific first.
extension AddressClass {
    /// - Parameter bits: in host order.
    init(v4 bits: UInt32) {
        func isIn(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ prefix: UInt32) -> Bool {
            (bits ^ (a << 24 | b << 16 | c << 8 | d)) >> (32 - prefix) == 0
        }
        self =
            if isIn(169, 254, 169, 254, 32) || isIn(169, 254, 170, 2, 32) || isIn(169, 254, 170, 23, 32) {
                .metadata
            } else if isIn(100, 100, 100, 200, 32) || isIn(168, 63, 129, 16, 32) || isIn(192, 0, 0, 192, 32) {
                .metadata
            } else if isIn(0, 0, 0, 0, 8) {
                .unspecified
            } else if isIn(127, 0, 0, 0, 8) {
                .loopback
            } else if isIn(10, 0, 0, 0, 8) || isIn(172, 16, 0, 0, 12) || isIn(192, 168, 0, 0, 16) {
                .privateUse
            } else if isIn(100, 64, 0, 0, 10) {
                .sharedNetwork
            } else if isIn(169, 254, 0, 0, 16) {
                .linkLocal
            } else if isIn(192, 0, 2, 0, 24) || isIn(198, 51, 100, 0, 24) || isIn(203, 0, 113, 0, 24) {
                .documentation
            } else if isIn(198, 18, 0, 0, 15) {
                .benchmarking
            } else if isIn(233, 252, 0, 0, 24) {
                .documentation
            } else if isIn(224, 0, 0, 0, 4) {
                .multicast
            } else if isIn(255, 255, 255, 255, 32) {
                .broadcast
            } else if isIn(192, 0, 0, 0, 24) || isIn(192, 88, 99, 0, 24) || isIn(240, 0, 0, 0, 4) {
                .reserved
            } else {
                .global
            }
    }

    /// - Parameters:
    ///   - high: the network half, in host order.
    ///   - low: the interface half.
    init(high: UInt64, low: UInt64) {
        func isIn(_ network: UInt64, _ prefix: UInt64) -> Bool { (high ^ network) >> (64 - prefix) == 0 }
        if let carried = Self.carried(high: high, low: low) {
            self.init(v4: carried)
            return
        }
        self =
            if high == 0 && low == 0 {
                .unspecified
            } else if high == 0 && low == 1 {
                .loopback
            } else if high == 0xFD00_0EC2_0000_0000 && low == 0x254 {
                .metadata
            } else if isIn(0xFE80_0000_0000_0000, 10) {
                .linkLocal
            } else if isIn(0xFC00_0000_0000_0000, 7) || isIn(0xFEC0_0000_0000_0000, 10) {
                .privateUse
            } else if isIn(0xFF00_0000_0000_0000, 8) {
                .multicast
            } else if isIn(0x2001_0DB8_0000_0000, 32) || isIn(0x3FFF_0000_0000_0000, 20) {
                .documentation
            } else if isIn(0x2001_0002_0000_0000, 48) {
                .benchmarking
            } else if isIn(0x2001_0000_0000_0000, 23) {
                .reserved
            } else if isIn(0x2000_0000_0000_0000, 3) {
                .global
            } else {
                .reserved
            }
    }

    /// The IPv4 address inside an IPv6 address, if that is where its packets end up.
    private static func carried(high: UInt64, low: UInt64) -> UInt32? {
        let lower = UInt32(truncatingIfNeeded: low)
        // ::ffff:a.b.c.d (mapped) and ::ffff:0:a.b.c.d (translated, RFC 2765)
        if high == 0, low >> 32 == 0xFFFF || low >> 32 == 0xFFFF_0000 { return lower }
        // ::a.b.c.d (compatible, deprecated); :: and ::1 are no such
        if high == 0, low >> 32 == 0, low > 1 { return lower }
        // 64:ff9b::a.b.c.d (NAT64, RFC 6052)
        if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 { return lower }
        // 64:ff9b:1::/48 (local NAT64, RFC 8215): wherever its operator sends it
        if high >> 16 == 0x0064_FF9B_0001 { return lower }
        // 2002:aabb:ccdd::/48 (6to4, RFC 3056)
        if high >> 48 == 0x2002 { return UInt32(truncatingIfNeeded: high >> 16) }
        // 2001:0:… (Teredo, RFC 4380): the client's address, inverted
        if high >> 32 == 0x2001_0000 { return ~lower }
        // …:0:5efe:a.b.c.d and …:200:5efe:a.b.c.d (ISATAP, RFC 5214)
        if low >> 32 == 0x5EFE || low >> 32 == 0x0200_5EFE { return lower }
        return nil
    }
}
