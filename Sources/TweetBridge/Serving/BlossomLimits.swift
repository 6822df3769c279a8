// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound of the Blossom server.
public struct BlossomLimits: Hashable, Sendable {
    /// **Bytes** of one blob.
    public var maxBlobBytes: Int64 = 104_857_600
    /// **Bytes** that one key may have here; blobs of several owners count for each.
    public var maxBytesPerKey: Int64 = 10_737_418_240
    /// Blobs that one key may have here.
    public var maxBlobsPerKey = 50_000
    /// **Bytes** of all blobs that have owners; `nil` for as many as the disk takes.
    public var maxTotalBytes: Int64?
    /// Blobs fetched from other servers at once (`PUT /mirror`); a further request is answered with 429.
    public var mirrorsAtOnce = 4
    /// **Bytes** of the body of such a request.
    public var maxMirrorRequest = 8_192
    /// **Seconds** that a token's `created_at` may lie ahead of our clock.
    public var clockSkew: Int64 = 10
    /// Blobs in one page of a list, unless fewer are asked for.
    public var listPage = 100
    /// Blobs in one page at the most.
    public var maxListPage = 1_000
    /// **Seconds** by which what is known of a blob's last use may be behind.
    public var useResolution: Int64 = 86_400

    public init() {}
}
