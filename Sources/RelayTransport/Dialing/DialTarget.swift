// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Where to dial: the parts of a `ws:` or `wss:` URL.
public struct DialTarget: Hashable, Sendable {
    public var isSecure: Bool
    /// A lower-case name or an IP address, without brackets.
    public var host: String
    public var port: Int
    /// What the `Host` header says: `host[:port]`.
    public var authority: String
    /// Begins with `/`.
    public var path: String

    public init(isSecure: Bool, host: String, port: Int, authority: String, path: String) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.authority = authority
        self.path = path
    }
}
