// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import TweetCore

/// A medium of a post, and how far its file is (R27).
public struct MediaRecord: Hashable, Sendable {
    public var medium: Media
    public var attempts: MediaAttempts

    public init(_ medium: Media, attempts: MediaAttempts) {
        self.medium = medium
        self.attempts = attempts
    }
}

/// Where it is kept what media there are, and how far each is.
public protocol MediaKeeping: Sendable {
    /// Media whose attempt is due at a moment (**milliseconds** since 1970), the longest due first.
    func dueMedia(at moment: Int64, limit: Int) async throws -> [MediaRecord]

    /// Keeps how far a medium is, and the file that it turned out to be, together.
    func keep(_ attempts: MediaAttempts, of key: String, file: MediaFile?) async throws
}

/// A blob as it is kept.
public struct KeptBlob: Hashable, Sendable {
    public var hash: Bytes32
    /// **Bytes**.
    public var size: Int64
    public var type: String
    /// **Seconds** since 1970.
    public var uploaded: Int64
    /// **Seconds** since 1970, somewhat behind: when it was last named or asked for.
    public var lastUsed: Int64
    /// Who uploaded it; nobody for what the bridge fetched itself.
    public var owners: Set<PublicKey>
    /// Whether a post that is mirrored, or is about to be, shows it.
    public var isNamed: Bool
    /// Whether it is still to be brought to a Blossom server, or deleted there.
    public var isTravelling = false

    public init(
        hash: Bytes32, size: Int64, type: String, uploaded: Int64, owners: Set<PublicKey> = [],
        isNamed: Bool = false
    ) {
        self.hash = hash
        self.size = size
        self.type = type
        self.uploaded = uploaded
        lastUsed = uploaded
        self.owners = owners
        self.isNamed = isNamed
    }
}

/// Where it is kept which blobs there are.
public protocol BlobKeeping: Sendable {
    func blob(_ hash: Bytes32) async throws -> KeptBlob?

    /// All of them by hash, those behind `after`.
    func blobs(after: Bytes32?, limit: Int) async throws -> [KeptBlob]

    /// Keeps a blob for an owner, besides those that it has; what else is known of it stays.
    func add(_ blob: KeptBlob, owner: PublicKey) async throws -> AddedBlob

    /// - Returns: it as it is kept then; `nil` when there is none.
    func disown(_ hash: Bytes32, by owner: PublicKey) async throws -> KeptBlob?

    /// Forgets a blob, unless it has owners or is named by now.
    ///
    /// - Parameter isForced: whether those do not matter.
    /// - Returns: whether it is forgotten.
    func forget(_ hash: Bytes32, isForced: Bool) async throws -> Bool

    /// Looks, a page at a time by hash, which blobs are named no more, and keeps that.
    ///
    /// - Returns: the last one looked at; `nil` when there are no more.
    func release(after last: Bytes32?, limit: Int) async throws -> Bytes32?

    /// Notes that the file of a blob is not there, or is damaged: what can be fetched again is.
    func lost(_ hash: Bytes32) async throws

    /// Notes that it was asked for, at a moment in **seconds** since 1970.
    func touch(_ hash: Bytes32, at moment: Int64) async throws
}

/// A blob that was brought.
public struct AddedBlob: Hashable, Sendable {
    /// As it is kept.
    public var blob: KeptBlob
    /// Whether it was not here before.
    public var isNew: Bool
    /// Whether it was not this owner's before.
    public var isNewOwner: Bool

    public init(_ blob: KeptBlob, isNew: Bool, isNewOwner: Bool) {
        self.blob = blob
        self.isNew = isNew
        self.isNewOwner = isNewOwner
    }
}
