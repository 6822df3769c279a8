// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Takes a relay's address apart and normalises the parts.
struct RelayURLParser {
    private(set) var isSecure = false
    private(set) var host = ""
    private(set) var port: Int?
    private(set) var path = "/"

    static func parse(_ text: String) throws(RelayURLError) -> RelayURLParser {
        var bytes = Array(text.utf8)[...]
        guard bytes.count <= CodecLimits.maxRelayURLInput else {
            throw RelayURLError("the address is too long")
        }
        while let byte = bytes.first, isSpace(byte) { bytes.removeFirst() }
        while let byte = bytes.last, isSpace(byte) { bytes.removeLast() }
        guard !bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) else {
            throw RelayURLError("the address holds a space, a control character or a backslash")
        }
        var parser = RelayURLParser()
        var rest = try parser.scheme(bytes)
        if let hash = rest.firstIndex(of: UInt8(ascii: "#")) { rest = rest[..<hash] }
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        try parser.authority(rest[..<end])
        parser.path = try URLPath.normalised(rest[end...])
        return parser
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// What follows `scheme://`.
    private mutating func scheme(_ bytes: ArraySlice<UInt8>) throws(RelayURLError) -> ArraySlice<UInt8> {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8)
        else {
            throw RelayURLError("the address has no scheme")
        }
        switch String(decoding: bytes[..<colon], as: UTF8.self).lowercased() {
        case "ws", "http": isSecure = false
        case "wss", "https": isSecure = true
        default: throw RelayURLError("the scheme is not ws or wss")
        }
        return bytes[(colon + 3)...]
    }

    private mutating func authority(_ bytes: ArraySlice<UInt8>) throws(RelayURLError) {
        guard !bytes.contains(UInt8(ascii: "@")) else { throw RelayURLError("the address names a user") }
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")),
                let address = IPv6Text(bytes[(bytes.startIndex + 1)..<close])
            else { throw RelayURLError("the host is not an IPv6 address") }
            host = "[\(address)]"
            try port(bytes[(close + 1)...])
        } else {
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
            host = try HostName.normalised(bytes[..<colon])
            try port(bytes[colon...])
        }
    }

    /// Nothing, `:` or `:digits`.
    private mutating func port(_ bytes: ArraySlice<UInt8>) throws(RelayURLError) {
        guard let colon = bytes.first else { return }
        let digits = bytes.dropFirst()
        guard colon == UInt8(ascii: ":"), digits.count <= 5, digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw RelayURLError("the port is not a number") }
        guard !digits.isEmpty else { return }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard 1...65_535 ~= number else { throw RelayURLError("the port is not from 1 to 65535") }
        port = number
    }
}
