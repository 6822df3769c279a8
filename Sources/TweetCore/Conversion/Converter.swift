// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Makes events of posts: a function of what was read, of what it refers to, and of the settings, and of nothing
/// else. The same post becomes the same event on every machine.
public struct Converter: Hashable, Sendable {
    public let settings: ConversionSettings

    public init(_ settings: ConversionSettings) { self.settings = settings }

    /// The event that a post becomes; none for a repost that is left out.
    ///
    /// - Parameters:
    ///   - author: the key of the author's mirror.
    ///   - resolution: what is known of ``ConversionNeeds``.
    public func draft(
        of snapshot: Snapshot, by author: PublicKey, with resolution: Resolution
    ) throws(ConversionError) -> Draft? {
        let post = snapshot.post
        guard post.author != nil else { throw .authorUnknown }
        guard let time = post.time else { throw .timeUnknown }
        let isRepost = post.references.contains { $0.kind == .retweeted }
        if isRepost, settings.reposts == .leftOut { return nil }
        var event = UnsignedEvent(pubkey: author, createdAt: time, kind: .textNote)
        switch settings.style {
        case .native:
            let resolution = resolution.lookedUp(at: settings.relay)
            NativePost(snapshot, author: author, resolution, settings).fill(&event)
        case .nostrweet:
            NostrweetPost(snapshot, resolution, settings).fill(&event)
        }
        return Draft(event, for: .post(post.id))
    }

    /// The events by which a post that was edited takes the place of its older versions: the newer one, and the
    /// request to delete the older ones, made at the same moment.
    public func drafts(
        of snapshot: Snapshot, by author: PublicKey, with resolution: Resolution,
        inPlaceOf older: [MirroredEvent]
    ) throws(ConversionError) -> [Draft] {
        guard let newer = try draft(of: snapshot, by: author, with: resolution) else { return [] }
        let replaced = older.filter { $0.id != newer.event.id && $0.pubkey == author }
        return [newer] + deletions(of: replaced, by: author, at: newer.event.createdAt, because: .edited)
    }
}

extension Post {
    /// When it was made, in seconds; by its number where X did not say.
    ///
    /// - Returns: `nil` for a post of before November 2010 whose date was not read.
    var time: Timestamp? {
        if let createdAt { return createdAt < 0 ? nil : Timestamp(createdAt / 1_000) }
        // The last number that was a mere count lies below; the first eight seconds of dates are lost to it.
        return id.number < 1 << 35 ? nil : Timestamp(id.milliseconds / 1_000)
    }

    /// The number that all versions share: the first one's.
    var firstVersion: PostID { versions.min() ?? id }
}
