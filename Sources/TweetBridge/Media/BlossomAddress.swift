// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A Blossom server, as one that is configured or listed is named.
struct BlossomAddress: Hashable, Sendable {
    /// Scheme and authority, without a trailing slash: everything is asked at the root (BUD-01).
    let base: String
    /// The server's name in tokens, in lower case.
    let domain: String

    /// - Returns: `nil` for what is no `http` or `https` URL.
    init?(_ text: String) {
        guard let url = FileURL(text) else { return nil }
        let name = url.host.contains(":") ? "[\(url.host)]" : url.host
        let usual = url.isSecure ? 443 : 80
        base = "\(url.isSecure ? "https" : "http")://\(name)\(url.port == usual ? "" : ":\(url.port)")"
        domain = url.host
    }
}
