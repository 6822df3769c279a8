// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Normalises a host's name: lower case, punycode, no dot at its end (RFC 5890, UTS 46 in its plain parts).
enum HostName {
    static func normalised(_ bytes: ArraySlice<UInt8>) throws(RelayURLError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw RelayURLError("the host is not UTF-8")
        }
        var labels = mapped(text).split(separator: ".", omittingEmptySubsequences: false).map(Array.init)
        if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
        var names: [String] = []
        for label in labels { names.append(try name(label)) }
        let host = names.joined(separator: ".")
        guard !host.isEmpty, host.utf8.count <= 253 else {
            throw RelayURLError("the host is empty or too long")
        }
        if let last = names.last, isNumber(last) {
            guard names.count == 4, names.allSatisfy(isPlainByte) else {
                throw RelayURLError("the host is not an IPv4 address of four decimal numbers")
            }
        }
        return host
    }

    /// Lower case; full-width forms and dots as their ASCII fellows; invisible characters dropped.
    private static func mapped(_ text: String) -> [Unicode.Scalar] {
        var output: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xAD, 0x200B, 0x2060, 0xFEFF, 0xFE00...0xFE0F: continue
            case 0x3002, 0xFF0E, 0xFF61: output.append(".")
            case 0xFF01...0xFF5E:
                if let ascii = Unicode.Scalar(scalar.value - 0xFEE0) {
                    output.append(contentsOf: ascii.properties.lowercaseMapping.unicodeScalars)
                }
            default: output.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return output
    }

    private static func name(_ label: [Unicode.Scalar]) throws(RelayURLError) -> String {
        var text = ""
        if label.allSatisfy(\.isASCII) {
            text.unicodeScalars.append(contentsOf: label)
        } else {
            guard label.allSatisfy(isAllowed), let code = Punycode.encode(label) else {
                throw RelayURLError("the host holds a character that no name may hold")
            }
            text = "xn--" + code
        }
        guard 1...63 ~= text.utf8.count else {
            throw RelayURLError("a part of the host is empty or too long")
        }
        guard text.utf8.allSatisfy(isNameByte), text.utf8.first != UInt8(ascii: "-"),
            text.utf8.last != UInt8(ascii: "-")
        else { throw RelayURLError("the host holds a character that no name may hold") }
        return text
    }

    /// Letters, digits, marks and symbols; not spaces, controls, unassigned or private ones.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x80 && isNameByte(UInt8(scalar.value)) }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Whether resolvers would read the last part as a number: then the whole is an IPv4 address or nothing.
    private static func isNumber(_ label: String) -> Bool {
        if label.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
        return label.hasPrefix("0x")
            && label.utf8.dropFirst(2).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// 0 … 255 in plain decimal.
    private static func isPlainByte(_ label: String) -> Bool {
        guard 1...3 ~= label.utf8.count, let number = UInt8(label) else { return false }
        return String(number) == label
    }
}
