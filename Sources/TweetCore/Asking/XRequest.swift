// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// One HTTP request to X, without address and credential.
public struct XRequest: Hashable, Sendable {
    public enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }
    public struct Item: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public var method: Method
    public var route: XRoute
    /// Begins with a slash.
    public var path: String
    public var query: [Item]
    /// JSON, where there is one.
    public var body: [UInt8]?

    public init(
        _ method: Method = .get, _ route: XRoute, _ path: String, query: [Item] = [], body: [UInt8]? = nil
    ) {
        self.method = method
        self.route = route
        self.path = path
        self.query = query
        self.body = body
    }

    /// Path and query, escaped (RFC 3986).
    public var target: String {
        guard !query.isEmpty else { return path }
        return path + "?"
            + query.map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }.joined(separator: "&")
    }

    /// All but letters, digits and `-._~` as `%XX`. Commas and colons stand, as X's own examples have them.
    public static func escaped(_ text: String) -> String {
        var output: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x2C, 0x3A:
                output.append(byte)
            default: output += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// What was escaped so; `nil` for what is no UTF-8, or escaped by halves.
    static func unescaped(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            rest = rest.dropFirst(2)
            guard digits.count == 2, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
