// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// A post as nostrweet makes it: a text of kind 1 whatever it is, template and tags as that project has them.
///
/// Two things differ, since they made its events depend on chance: a mention is that of an account's number, not of a
/// handle inside another one, and every key is tagged once.
struct NostrweetPost {
    let snapshot: Snapshot
    let resolution: Resolution
    let settings: ConversionSettings
    private let main: NostrweetText
    /// Where the media come from, and where they are shown from.
    private let sources: [(original: String, shown: String)]

    init(_ snapshot: Snapshot, _ resolution: Resolution, _ settings: ConversionSettings) {
        (self.snapshot, self.resolution, self.settings) = (snapshot, resolution, settings)
        let originals = NostrweetText.mediaURLs(of: snapshot)
        let shown = originals.map { original in
            NostrweetText.key(of: original, in: snapshot).flatMap { resolution.copies[$0]?.first?.url }
                ?? original
        }
        sources = zip(originals, shown).map { ($0, $1) }
        main = NostrweetText(snapshot.post, mediaURLs: shown, resolution.keys)
    }

    private var post: Post { snapshot.post }

    func fill(_ event: inout UnsignedEvent) {
        var tags = TagList()
        tags.add("r", WebLink.nostrweetReference(post.id))
        var content = ""
        var people: [PublicKey] = []
        let reposted = repostedHandle
        if reposted == nil {
            content += authorLine + main.text + "\n\n"
            people += main.people
        }
        for reference in post.references {
            let block = NostrweetReference(
                reference, snapshot.referenced(reference.kind), by: snapshot, reposted: reposted,
                resolution.keys)
            content += block.text
            people += block.people
        }
        if reposted == nil {
            for (_, url) in sources where !main.usedURLs.contains(url) { content += url + "\n" }
        }
        content += "\nOriginal tweet: \(WebLink.nostrweetReference(post.id))"
        for person in people { tags.add(person: person) }
        for (original, shown) in sources {
            if shown != original { tags.add("source", original) }
            tags.add("media", shown)
        }
        tags.add("client", "nostrweet")
        event.tags = tags.tags
        event.content = settings.dressed(content)
    }

    private var authorLine: String {
        if let handle = snapshot.author?.handle, !handle.isEmpty { return "🐦 @\(handle): " }
        return post.author.map { "🐦 User \($0): " } ?? "🐦 Tweet: "
    }

    /// Whose post this is a plain repost of: `RT @handle: …` in one line.
    private var repostedHandle: String? {
        let text = post.longText?.text ?? post.text
        guard post.references.contains(where: { $0.kind == .retweeted }), text.hasPrefix("RT @"),
            let colon = text.firstIndex(of: ":"), !text.utf8.contains(UInt8(ascii: "\n")),
            !text.contains(" // ")
        else { return nil }
        let handle = text[..<colon].dropFirst(4)
        return PostText.trimmed(Array(handle.utf8)[...])
    }
}
