// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the text of a repost says: `RT @handle: …`, cut by X at 140 characters.
struct RepostText {
    private(set) var handle: String?
    private(set) var user: UserID?
    private(set) var excerpt = ""

    init(_ post: Post) {
        let text = PostText(post).plain()
        guard text.hasPrefix("RT @"), let colon = text.firstRange(of: ": ") else { return }
        handle = Handle(text[..<colon.lowerBound].dropFirst(4))?.text
        user = handle.flatMap { MentionTable(post.entities.mentions).match($0).user }
        excerpt = Excerpt.cut(String(text[colon.upperBound...]))
    }
}

/// As much of another's post as is shown where it has no event of its own.
struct Excerpt {
    /// One or more lines; empty where nothing is known of the text.
    let text: String

    /// - Parameter hidesMedia: whether links that stand for the post's media are left out.
    init(of snapshot: Snapshot, hidesMedia: Bool) {
        let post = snapshot.post
        text = Self.cut(
            PostText(post).written(
                link: { hidesMedia && $0.isOwnMedia(of: post) ? nil : $0.url },
                mention: { handle, _ in handle }))
    }

    /// Cuts where a word ends, if one does near the end; never inside an address, if there is anything before it, nor
    /// inside a character as people count them.
    static func cut(_ text: String) -> String {
        guard text.count > ConversionLimits.excerpt else { return text }
        let head = text.prefix(ConversionLimits.excerpt - 1)
        let space = head.lastIndex(where: \.isWhitespace)
        let word = space.map { head[$0...].dropFirst() } ?? head
        let end = word.count < 40 || word.hasPrefix("http") ? space ?? head.endIndex : head.endIndex
        return PostText.trimmed(Array(head[..<end].utf8)[...]) + "…"
    }
}

extension LinkTable.Target {
    /// Whether it stands for media of the post in whose text it is.
    func isOwnMedia(of post: Post) -> Bool {
        if !mediaKeys.isEmpty { return true }
        guard let link = StatusLink(expanded ?? url), link.isMedia else { return false }
        return link.post == post.id || post.versions.contains(link.post)
    }
}
