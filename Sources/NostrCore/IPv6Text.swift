// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An IPv6 address, written in its one canonical way (RFC 5952).
struct IPv6Text: CustomStringConvertible {
    private(set) var groups: [UInt16] = []

    /// Of eight groups.
    init(groups: [UInt16]) { self.groups = groups }

    /// - Returns: `nil` for anything that is no address; zone ids are refused.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let text = String(validating: bytes, as: UTF8.self), bytes.count <= 45 else { return nil }
        let halves = Self.halves(text)
        guard let halves, let head = Self.groups(halves.0, mayEndInIPv4: halves.1 == nil) else { return nil }
        guard let second = halves.1 else {
            guard head.count == 8 else { return nil }
            groups = head
            return
        }
        guard let tail = Self.groups(second, mayEndInIPv4: true), head.count + tail.count < 8 else {
            return nil
        }
        groups = head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    /// Lower case, no leading zeros, the longest run of two or more zero groups as `::`.
    var description: String {
        if groups[..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
            return "::ffff:\(groups[6] >> 8).\(groups[6] & 255).\(groups[7] >> 8).\(groups[7] & 255)"
        }
        var best = 0..<0
        var start = 0
        for index in 0...8 where index == 8 || groups[index] != 0 {
            if index - start > max(best.count, 1) { best = start..<index }
            start = index + 1
        }
        func text(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        return best.isEmpty
            ? text(groups[...]) : text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
    }

    /// What stands before and after `::`; the second is `nil` without it.
    private static func halves(_ text: String) -> (Substring, Substring?)? {
        let characters = Array(text.utf8)
        let marks = characters.indices.dropLast().filter {
            characters[$0] == UInt8(ascii: ":") && characters[$0 + 1] == UInt8(ascii: ":")
        }
        guard let first = marks.first else { return (text[...], nil) }
        guard marks.count == 1 else { return nil }
        let index = text.utf8.index(text.startIndex, offsetBy: first)
        return (text[..<index], text[text.utf8.index(index, offsetBy: 2)...])
    }

    private static func groups(_ text: Substring, mayEndInIPv4: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
                guard let pair = ipv4(part) else { return nil }
                groups += pair
            } else {
                guard 1...4 ~= part.utf8.count, part.utf8.allSatisfy(isHex),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func ipv4(_ text: Substring) -> [UInt16]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            UInt8(part).flatMap { String($0) == part ? UInt16($0) : nil }
        }
        guard parts.count == 4, numbers.count == 4 else { return nil }
        return [numbers[0] << 8 | numbers[1], numbers[2] << 8 | numbers[3]]
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
