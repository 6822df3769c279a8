// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a Blossom server says of a blob that it has (BUD-02).
public struct BlobDescriptor: Hashable, Sendable {
    public var url: String
    /// In lower-case hex.
    public var sha256: String
    /// **Bytes**.
    public var size: Int64
    public var type: String
    /// **Seconds** since 1970.
    public var uploaded: Int64
    /// Tags for an event about the file (BUD-08), if the server made some.
    public var tags: [[String]]

    public init(
        url: String, sha256: String, size: Int64, type: String, uploaded: Int64, tags: [[String]] = []
    ) {
        self.url = url
        self.sha256 = sha256
        self.size = size
        self.type = type
        self.uploaded = uploaded
        self.tags = tags
    }

    /// Whether it is about this file.
    public func tells(of file: MediaFile) -> Bool { sha256.lowercased() == file.sha256 && size == file.size }
}
