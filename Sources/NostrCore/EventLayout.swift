// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Where an event's parts lie in its canonical JSON, and the numbers that matching needs.
///
/// The canonical JSON is the NIP-01 object without white space, fields in this order:
///
///     {"id":"…64…","pubkey":"…64…","created_at":N,"kind":K,"tags":[[…]],"content":"…","sig":"…128…"}
///            ^7              ^83                           ^tags      ^content (with its quotes)
///
/// so the id, the key and the signature are found without a search, and one run of bytes serves the
/// socket, the store and the id's pre-image.
public struct EventLayout: Hashable, Sendable {
    public var createdAt: Timestamp
    public var kind: Kind
    /// Offset of the `[` that opens the tags.
    public var tagsStart: Int
    /// One past the `]` that closes them.
    public var tagsEnd: Int
    /// Offset of the quote that opens the content.
    public var contentStart: Int
    /// One past the quote that closes it.
    public var contentEnd: Int

    public init(
        createdAt: Timestamp, kind: Kind, tagsStart: Int, tagsEnd: Int, contentStart: Int, contentEnd: Int
    ) {
        self.createdAt = createdAt
        self.kind = kind
        self.tagsStart = tagsStart
        self.tagsEnd = tagsEnd
        self.contentStart = contentStart
        self.contentEnd = contentEnd
    }

    /// The 64 digits of the id.
    public static let idDigits = 7..<71
    /// The 64 digits of the public key.
    public static let pubkeyDigits = 83..<147
}
