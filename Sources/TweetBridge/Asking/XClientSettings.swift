// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// How X is asked.
public struct XClientSettings: Sendable {
    /// Without a slash at its end, for example `https://api.x.com`.
    public var baseURL: String
    public var vocabulary: Vocabulary.Choice = .auto
    public var retries = RequestRetries()
    /// **Milliseconds** for one request, its answer included.
    public var timeout: Int64 = 30_000
    public var limits = ReadingLimits()
    /// Whether posts may be made and removed on X.
    public var mayWrite = false
    public var userAgent = "rookery"

    /// - Parameter baseURL: of X, or of whatever stands in for it.
    /// - Throws: ``XFailure/invalid(_:)`` unless it is an `http` or `https` address of a host, without user, query and fragment.
    public init(baseURL: String) throws(XFailure) {
        let text = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        let rest =
            text.hasPrefix("https://")
            ? text.dropFirst(8) : text.hasPrefix("http://") ? text.dropFirst(7) : ""
        let host = rest.prefix { $0 != "/" }
        guard !host.isEmpty, text.utf8.count <= 512,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !Array("@?#\\\"".utf8).contains($0) })
        else { throw .invalid("the base URL is no address of an HTTP server") }
        self.baseURL = text
    }
}
