// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayServer

extension ListenAddress {
    /// Reads where to listen: `127.0.0.1:7777`, `[::1]:7777`, `localhost:0`, `:7777` for every interface.
    init(_ text: String) throws(ConfigProblem) {
        guard let colon = text.lastIndex(of: ":"), let port = Self.port(text[text.index(after: colon)...])
        else {
            throw ConfigProblem("must be HOST:PORT, not \(ConfigKey.shown(text))")
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            throw ConfigProblem("an IPv6 host stands in brackets: [::1]:7777, not \(ConfigKey.shown(text))")
        }
        guard host.utf8.count <= 255, host.utf8.allSatisfy(Self.isHostByte) else {
            throw ConfigProblem("must be HOST:PORT, not \(ConfigKey.shown(text))")
        }
        self.init(host: host.isEmpty || host == "*" ? "0.0.0.0" : host, port: port)
    }

    private static func port(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), digits.utf8.count <= 5,
            let port = Int(digits), port <= 65_535
        else { return nil }
        return port
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: [".", ":", "-", "_", "%", "*"].map(UInt8.init(ascii:)).contains(byte)
        }
    }
}
