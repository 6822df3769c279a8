// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
import TweetCore

extension Bridge {
    /// The events that would be published of a post if its turn came now: nothing is signed or written, but for the number of a
    /// key that has none yet (`key_scheme = "nip06-index"`).
    ///
    /// - Throws: ``BridgeFault``, or ConversionError where it can become no event.
    public func preview(of post: PostRow) async throws -> [UnsignedEvent] {
        guard let author = post.snapshot.post.author else { throw ConversionError.authorUnknown }
        let key = try await keys.publicKey(of: author)
        let snapshot = try publisher.consent.told(post.snapshot)
        let id = post.snapshot.post.id
        let older = try store.standing(versionsOf: id).filter { $0.version < id }.map(\.event)
        return try Converter(configuration.conversion).drafts(
            of: snapshot, by: key, with: try await publisher.resolution(for: snapshot),
            inPlaceOf: older
        ).map(\.event)
    }

    /// The path of a picture on our own port; `nil` where there is none.
    func picture(of medium: Media) throws -> String? {
        guard configuration.media != .link else { return nil }
        for copy in try publisher.media.copies(of: medium.key) {
            guard let hash = copy.sha256, let type = copy.type, type.hasPrefix("image/"),
                !type.contains("xml"), let bytes = Hex.decode32(Array(hash.utf8).span),
                try store.blob(bytes) != nil
            else { continue }
            return "/\(hash).\(FileType.ending(of: type))"
        }
        return nil
    }
}
