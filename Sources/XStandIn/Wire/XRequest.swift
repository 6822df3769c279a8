// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A request as it came from the wire.
public struct XRequest: Hashable, Sendable {
    public var method: String
    /// Path and query, as they were sent.
    public var target: String
    /// Lower-case names; of several headers of one name the last.
    public var headers: [String: String]
    public var body: [UInt8]

    public init(_ method: String, _ target: String, headers: [String: String] = [:], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// The path alone, with escapes resolved.
    var path: String { Escapes.resolve(target.prefix { $0 != "?" }, plusIsSpace: false) }

    /// The query's parameters, with escapes resolved, in their order.
    var query: [(name: String, value: String)] {
        guard let mark = target.firstIndex(of: "?") else { return [] }
        return Escapes.form(target[target.index(after: mark)...])
    }
}

/// `application/x-www-form-urlencoded` and the escapes of URLs.
enum Escapes {
    static func form(_ text: some StringProtocol) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (
                resolve(parts[0], plusIsSpace: true),
                parts.count > 1 ? resolve(parts[1], plusIsSpace: true) : ""
            )
        }
    }

    static func resolve(_ text: some StringProtocol, plusIsSpace: Bool) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func escape(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            if isHandleByte(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "~")
            {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                escaped += "%" + (hex.count == 1 ? "0" : "") + hex
            }
        }
        return escaped
    }
}
