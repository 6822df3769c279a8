// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How many different keys were seen, roughly, in 256 bytes: registers that relays' answers to one `COUNT` can be
/// joined by (NIP-45).
public struct HyperLogLog: Hashable, Sendable {
    /// 256 of them.
    public private(set) var registers: [UInt8]

    public static let registerCount = 256

    /// Nobody was seen.
    public init() { registers = [UInt8](repeating: 0, count: Self.registerCount) }

    /// - Returns: `nil` unless there are 256 registers.
    public init?(registers: [UInt8]) {
        guard registers.count == Self.registerCount else { return nil }
        self.registers = registers
    }

    /// What one key adds: its byte at `offset` names the register, the zero bits that follow it, and one, are the value.
    public static func register(of key: PublicKey, offset: Int) -> (index: UInt8, value: UInt8) {
        let index = key.bytes[byte: offset]
        var zeros = 0
        var place = offset + 1
        while place < 32 {
            let byte = key.bytes[byte: place]
            zeros += byte.leadingZeroBitCount
            if byte != 0 { break }
            place += 1
        }
        return (index, UInt8(1 + zeros))
    }

    public mutating func insert(_ key: PublicKey, offset: Int) {
        let (index, value) = Self.register(of: key, offset: offset)
        raise(index, to: value)
    }

    /// Registers only grow.
    public mutating func raise(_ index: UInt8, to value: UInt8) {
        registers[Int(index)] = max(registers[Int(index)], value)
    }

    /// 512 digits: what stands as `hll` in an answer.
    public var hex: String { Hex.string(registers) }
}

extension Bytes32 {
    /// One of the 32 bytes, from the first.
    @inline(__always)
    subscript(byte place: Int) -> UInt8 {
        let word =
            switch place >> 3 {
            case 0: words.0
            case 1: words.1
            case 2: words.2
            default: words.3
            }
        return UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (place & 7)))
    }
}
