// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What a git clone URL says about relays.
enum CloneURL {
    /// The relay that a service at this clone URL's authority would be: `https://host:8443/x.git` is beside
    /// `wss://host:8443`.
    ///
    /// - Returns: `nil` for any scheme but HTTP and HTTPS, and for what is no URL.
    static func relay(beside cloneURL: String) -> RelayURL? {
        let bytes = Array(cloneURL.utf8)
        guard bytes.count <= RepositoryLimits.urlBytes, let scheme = scheme(of: bytes) else { return nil }
        let rest = bytes[(scheme.utf8.count + 3)...]
        var authority = rest.prefix { !"/?#".utf8.contains($0) }
        guard !authority.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) else {
            return nil
        }
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[(at + 1)...] }
        guard !authority.isEmpty else { return nil }
        let socketScheme = scheme == "https" ? "wss" : "ws"
        return try? RelayURL("\(socketScheme)://\(String(decoding: authority, as: UTF8.self))")
    }

    private static func scheme(of bytes: [UInt8]) -> String? {
        for scheme in ["https", "http"] {
            let start = Array("\(scheme)://".utf8)
            let head = bytes.prefix(start.count).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            if head == start { return scheme }
        }
        return nil
    }
}
