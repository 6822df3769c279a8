// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A text of X, taken apart: plain text, links and mentions in the order of reading.
///
/// Links and handles are found by what they say, once from left to right: never by X's offsets, which are not to be
/// trusted, and never in what was put in their place.
struct PostText: Hashable {
    enum Piece: Hashable {
        case plain(String)
        case link(LinkTable.Target)
        /// A handle with its `@`, as it is written; whose it is, as far as X said.
        case mention(String, UserID?)
    }

    var pieces: [Piece] = []

    /// - Parameter escaped: with `&amp;` and the like.
    init(_ escaped: String, links: LinkTable, mentions: MentionTable) {
        let bytes = Array(HTMLText.decoded(escaped).utf8)
        var plain = 0
        var at = 0
        while at < bytes.count {
            guard let (piece, length) = Self.piece(in: bytes, at: at, links, mentions) else {
                at += 1
                continue
            }
            add(plain: bytes[plain..<at])
            pieces.append(piece)
            at += length
            plain = at
        }
        add(plain: bytes[plain...])
    }

    /// The whole text of a post, with what X found in its long and its short form.
    init(_ post: Post) {
        let entities = [post.longText?.entities, post.entities].compactMap(\.self)
        self.init(
            post.longText?.text ?? post.text, links: LinkTable(entities.flatMap(\.urls)),
            mentions: MentionTable(entities.flatMap(\.mentions)))
    }

    private mutating func add(plain bytes: ArraySlice<UInt8>) {
        if !bytes.isEmpty { pieces.append(.plain(String(decoding: bytes, as: UTF8.self))) }
    }

    /// The link or mention that begins here; both are ASCII but for a full-width `＠`.
    private static func piece(
        in bytes: [UInt8], at start: Int, _ links: LinkTable, _ mentions: MentionTable
    ) -> (Piece, length: Int)? {
        if let target = links.match(in: bytes, at: start) { return (.link(target), target.short.utf8.count) }
        let sign =
            bytes[start] == UInt8(ascii: "@") ? 1 : bytes[start...].starts(with: [0xEF, 0xBC, 0xA0]) ? 3 : 0
        guard sign > 0, start == 0 || !bytes[start - 1].endsWordBeforeMention else { return nil }
        let name = bytes[(start + sign)...].prefix { $0.isHandleByte }
        guard (1...15).contains(name.count), bytes[name.endIndex...].first != UInt8(ascii: "@") else {
            return nil
        }
        let (isMention, user) = mentions.match(String(decoding: name, as: UTF8.self))
        guard isMention else { return nil }
        return (
            .mention(String(decoding: bytes[start..<name.endIndex], as: UTF8.self), user),
            name.endIndex - start
        )
    }

    /// Who is mentioned, in the order of reading.
    var mentionedUsers: [UserID] {
        pieces.compactMap { if case .mention(_, let user) = $0 { user } else { nil } }
    }
}

extension UInt8 {
    /// Before a handle, makes it part of something else, such as an address of e-mail.
    fileprivate var endsWordBeforeMention: Bool { isHandleByte || "!#$%&*@".utf8.contains(self) }
}
