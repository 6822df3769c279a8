// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

// How what an upstream says of itself is kept over a restart.
//
//     six numbers (8 each, BE; all ones: not said) ‖ auth required (1) ‖ payment required (1; 0 not said, 1 no, 2 yes)
//     ‖ count of NIPs (2, BE) ‖ NIPs (2 each, BE) ‖ length of the software's name (2, BE) ‖ the name
extension UpstreamInformation {
    private static var numbers: [WritableKeyPath<UpstreamInformation, Int?>] {
        [\.maxSubscriptions, \.maxFilters, \.maxLimit, \.defaultLimit, \.maxMessageLength, \.maxSubidLength]
    }

    private static var flags: [WritableKeyPath<UpstreamInformation, Bool?>] {
        [\.authRequired, \.paymentRequired]
    }

    var rowBytes: [UInt8] {
        var bytes: [UInt8] = []
        for number in Self.numbers { bytes += SyncRow.bigEndian(Int64(self[keyPath: number] ?? -1)) }
        for flag in Self.flags { bytes.append(self[keyPath: flag].map { $0 ? 2 : 1 } ?? 0) }
        let nips = supportedNIPs.filter { (0...0xFFFF).contains($0) }.prefix(0xFFFF)
        bytes += SyncRow.bigEndian(UInt16(nips.count)) + nips.flatMap { SyncRow.bigEndian(UInt16($0)) }
        let name = Array((software ?? "").utf8.prefix(0xFFFF))
        return bytes + SyncRow.bigEndian(UInt16(name.count)) + name
    }

    /// - Returns: `nil` for what was not written by ``rowBytes``.
    init?(rowBytes bytes: ArraySlice<UInt8>) {
        var rest = bytes
        func number(_ width: Int) -> Int? {
            guard rest.count >= width else { return nil }
            defer { rest = rest.dropFirst(width) }
            return Int(truncatingIfNeeded: SyncRow.number(rest.prefix(width)))
        }
        self.init()
        for path in Self.numbers {
            guard let value = number(8) else { return nil }
            self[keyPath: path] = value < 0 ? nil : value
        }
        for path in Self.flags {
            guard let value = number(1), value <= 2 else { return nil }
            self[keyPath: path] = value == 0 ? nil : value == 2
        }
        guard let count = number(2), rest.count >= 2 * count else { return nil }
        supportedNIPs = (0..<count).compactMap { _ in number(2) }
        guard let length = number(2), rest.count == length else { return nil }
        software = length == 0 ? nil : String(decoding: rest, as: UTF8.self)
    }
}
