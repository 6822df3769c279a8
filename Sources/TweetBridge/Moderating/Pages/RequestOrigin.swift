// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Whether a request that changes something was made by one of our own pages (CSRF). Cookies with `SameSite=Strict` and the token in every
/// form say so as well.
struct RequestOrigin: Hashable, Sendable {
    /// `Sec-Fetch-Site` (W3C Fetch Metadata): what every newer browser says over HTTPS and to this machine.
    var site: String?
    /// `Origin` (RFC 6454), for the others.
    var origin: String?
    /// `Host`.
    var host: String?

    /// Who sends neither is no browser.
    var isOurs: Bool {
        if let site { return site == "same-origin" }
        guard let origin else { return true }
        guard let host, let scheme = origin.firstRange(of: "://") else { return false }
        return origin[scheme.upperBound...].lowercased() == host.lowercased()
    }

    /// Whether the browser reached us by HTTPS, through whatever proxies: cookies may demand it from then on.
    var isSecure: Bool { origin?.lowercased().hasPrefix("https://") == true }
}
