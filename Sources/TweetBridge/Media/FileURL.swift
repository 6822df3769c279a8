// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation

/// Where a file is, as something that may be asked for: `http` or `https`, a host, nobody's password.
struct FileURL: Hashable, Sendable {
    let text: String
    let isSecure: Bool
    /// In lower case; an IPv6 address without its brackets.
    let host: String
    let port: Int

    /// **Bytes** of a URL.
    static let maxLength = 4_096

    init?(_ text: String, relativeTo base: FileURL? = nil) {
        guard text.utf8.count <= Self.maxLength,
            let url = URL(string: text, relativeTo: base.flatMap { URL(string: $0.text) })?.absoluteURL,
            var parts = URLComponents(url: url, resolvingAgainstBaseURL: true), parts.user == nil,
            parts.password == nil, let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme),
            let name = parts.host?.lowercased(), Self.isPlain(name)
        else { return nil }
        parts.scheme = scheme
        parts.host = name
        parts.fragment = nil
        guard let whole = parts.string, whole.utf8.count <= Self.maxLength,
            parts.port.map({ (1...65_535).contains($0) }) ?? true
        else { return nil }
        self.text = whole
        isSecure = scheme == "https"
        host = name.hasPrefix("[") ? String(name.dropFirst().dropLast()) : name
        port = parts.port ?? (isSecure ? 443 : 80)
    }

    /// A name that everybody spells alike. Of another one the check of its addresses, and who connects, might each make
    /// something else; what is written in other scripts has a form in these letters (RFC 5890).
    private static func isPlain(_ host: String) -> Bool {
        let isAddress = host.hasPrefix("[") || host.contains(":")
        return !host.isEmpty
            && host.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "."): true
                case UInt8(ascii: "-"), UInt8(ascii: "_"): !isAddress
                case UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"): isAddress
                default: false
                }
            }
    }

    /// The last hash in its path, in lower case, as of a Blossom server.
    var hash: String? {
        let path = text.prefix { $0 != "?" }
        guard let name = path.split(separator: "/").last?.prefix(while: { $0 != "." }), name.utf8.count == 64,
            name.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        return String(name)
    }
}
