// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The 128 bits of an IP address; those of IPv4 are written as `::ffff:a.b.c.d`.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// An IPv4 address.
    public init(v4: UInt32) { self.init(high: 0, low: 0xFFFF << 32 | UInt64(v4)) }

    /// - Returns: `nil` for what is no address; zone ids are refused.
    public init?(_ text: String) {
        let isV4 = !text.utf8.contains(UInt8(ascii: ":"))
        guard text.utf8.count <= 45, let address = IPv6Text(Array((isV4 ? "::ffff:" + text : text).utf8)[...])
        else { return nil }
        let words = address.groups.map(UInt64.init)
        high = words[..<4].reduce(0) { $0 << 16 | $1 }
        low = words[4...].reduce(0) { $0 << 16 | $1 }
    }

    public var isV4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// `192.0.2.1`, `2001:db8::1`.
    public var description: String {
        if isV4 { return [24, 16, 8, 0].map { "\(low >> UInt64($0) & 255)" }.joined(separator: ".") }
        let groups = [high, low].flatMap { word in
            [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: word >> UInt64($0)) }
        }
        return IPv6Text(groups: groups).description
    }
}
