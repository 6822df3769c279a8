// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import TweetCore

/// A medium of a post, and how far its download is.
public struct MediaRow: Hashable, Sendable, Codable {
    public var media: Media
    /// The first post that it was seen in.
    public var post: PostID?
    public var download = Download()
    /// **Milliseconds** since 1970.
    public var firstSeen: Int64

    public struct Download: Hashable, Sendable, Codable {
        public var status = Status.pending
        public var attempts = 0
        /// **Milliseconds** since 1970.
        public var notBefore: Int64 = 0
        public var lastAttempt: Int64?
        public var lastSuccess: Int64?
        /// 64 hexadecimal digits: its ``BlobRow``.
        public var hash: String?
        public var bytes: Int?
        public var contentType: String?
        public var lastError: String?

        public init() {}

        public enum Status: String, Hashable, Sendable, Codable, CaseIterable {
            /// To be fetched, no sooner than ``notBefore``.
            case pending
            case ok
            /// Not tried any more until somebody says so.
            case failed
            /// Not wanted, or taken away again by retention.
            case dropped
        }
    }
}

/// A file, by what is in it.
public struct BlobRow: Hashable, Sendable, Codable {
    /// 64 hexadecimal digits.
    public var hash: String
    /// Below the media directory.
    public var path: String
    public var bytes: Int
    public var contentType: String
    /// Keys of the media that it is, at most ``mostReferences`` of them.
    public var media: Set<String> = []
    /// Who uploaded it: 64 hexadecimal digits each, at most ``mostReferences``; nobody for what the bridge fetched itself.
    public var owners: Set<String> = []
    /// **Milliseconds** since 1970.
    public var createdAt: Int64
    public var lastUsed: Int64
    /// By the address of a Blossom server.
    public var servers: [String: Upload] = [:]
    /// Whose key brought it to them.
    public var bringer: UserID?
    /// When a Blossom server is to be asked the next time, **milliseconds** since 1970; `nil`: none is.
    public var due: Int64?

    public static let mostReferences = 1_000

    public init(hash: Bytes32, path: String, bytes: Int, contentType: String, at now: Int64) {
        self.hash = Hex.string(hash.bytes)
        self.path = path
        self.bytes = bytes
        self.contentType = contentType
        createdAt = now
        lastUsed = now
    }

    /// How far it is on its way to a server.
    public struct Upload: Hashable, Sendable, Codable {
        public var status: Status
        public var url: String?
        public var attempts = 0
        /// **Milliseconds** since 1970.
        public var notBefore: Int64 = 0
        public var lastError: String?

        public init(_ status: Status = .pending) { self.status = status }

        public enum Status: String, Hashable, Sendable, Codable, CaseIterable {
            case pending, stored, failed
        }
    }
}
