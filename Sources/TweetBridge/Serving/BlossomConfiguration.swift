// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What a ``BlossomServer`` is told at its start.
public struct BlossomConfiguration: Sendable {
    /// Under which URL clients reach it, without a trailing slash: blobs' URLs begin so.
    public var baseURL: String
    /// The server's name in tokens: the host of ``baseURL`` in lower case.
    public var domain: String
    /// Whether `GET /list/<pubkey>` is answered.
    public var lists = false
    /// What types are taken: prefixes such as `image/`; empty for all.
    public var types: [String] = []
    public var limits = BlossomLimits()
    /// Who may upload, and delete what is theirs.
    public var mayUpload: @Sendable (PublicKey) async -> Bool
    /// Who may delete what is anybody's.
    public var mayDeleteAll: @Sendable (PublicKey) async -> Bool = { _ in false }

    /// - Returns: `nil` unless `baseURL` is an `http` or `https` URL.
    public init?(baseURL: String, mayUpload: @escaping @Sendable (PublicKey) async -> Bool) {
        guard let url = FileURL(baseURL) else { return nil }
        var base = url.text
        while base.hasSuffix("/") { base.removeLast() }
        self.baseURL = base
        domain = url.host
        self.mayUpload = mayUpload
    }
}
