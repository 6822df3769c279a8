// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What nostrweet writes of a post that another one refers to.
struct NostrweetReference {
    let text: String
    let people: [PublicKey]

    /// - Parameter reposted: the handle that a plain repost names.
    init(
        _ reference: Post.Reference, _ known: Snapshot?, by snapshot: Snapshot, reposted: String?,
        _ keys: [UserID: PublicKey]
    ) {
        let link = WebLink.nostrweetReference(reference.id)
        let me = snapshot.author?.handle ?? ""
        let repostedKey = reposted.flatMap { Self.user($0, in: snapshot, known) }.flatMap { keys[$0] }
        let repostedName = repostedKey?.uri ?? reposted.map { "@\($0)" }
        guard let known else {
            if reference.kind == .retweeted, let repostedName {
                text = "🔁 @\(me) retweeted \(repostedName):\n\(link)\n"
                people = [repostedKey].compactMap(\.self)
            } else {
                text = "\(Self.title(reference.kind)) Tweet \(reference.id)\n\(link)\n"
                people = []
            }
            return
        }
        let key = known.post.author.flatMap { keys[$0] }
        let name = key?.uri ?? "@\(known.author?.handle ?? "")"
        let mediaURLs = NostrweetText.mediaURLs(of: known)
        let inner = NostrweetText(known.post, mediaURLs: mediaURLs, keys)
        var text =
            if reference.kind == .retweeted, let repostedName {
                "🔁 @\(me) retweeted \(repostedName):\n"
            } else {
                "\(Self.title(reference.kind)) \(name):\n"
            }
        text += inner.text + "\n"
        // A long post that is reposted shows none but those in its text.
        if reference.kind != .retweeted || known.post.longText == nil {
            for url in mediaURLs where !inner.usedURLs.contains(url) { text += url + "\n" }
        }
        self.text = text + link + "\n"
        people = [key, reference.kind == .retweeted ? repostedKey : nil].compactMap(\.self) + inner.people
    }

    private static func title(_ kind: Post.Reference.Kind) -> String {
        switch kind {
        case .repliedTo: "↩️ Reply to"
        case .quoted: "💬 Quote of"
        case .retweeted: "🔄 Retweet of"
        }
    }

    /// Whose handle it is, by what was read with the post.
    private static func user(_ handle: String, in snapshot: Snapshot, _ known: Snapshot?) -> UserID? {
        if let author = known?.author, author.handle.lowercased() == handle.lowercased() { return author.id }
        return MentionTable(snapshot.post.entities.mentions).match(handle).user
    }
}
