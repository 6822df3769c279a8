// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the short links of a text stand for; the order in which they were found does not matter.
struct LinkTable {
    /// What one short link stands for.
    struct Target: Hashable {
        var short: String
        /// The address that readers are shown: what the link finally leads to, as far as X said.
        var url: String
        var expanded: String?
        var display: String?
        /// Of the media of the post itself that it stands for, ascending.
        var mediaKeys: [String]
    }

    private var targets: [String: Target] = [:]
    /// Short links, the longest first, so that none is found inside another one.
    private var shorts: [(text: String, bytes: [UInt8])] = []

    init(_ links: [Entities.Link] = []) {
        // Four pictures share one short link, and every one comes as a link of its own.
        for (short, links) in Dictionary(grouping: links, by: \.short) where !short.isEmpty {
            let unwound = links.compactMap(\.unwound).filter(WebLink.isURL).min()
            let expanded = links.compactMap(\.expanded).filter(WebLink.isURL).min()
            targets[short] = Target(
                short: short, url: unwound ?? expanded ?? short, expanded: links.compactMap(\.expanded).min(),
                display: links.compactMap(\.display).min(),
                mediaKeys: Set(links.compactMap(\.mediaKey)).sorted())
        }
        shorts = targets.keys.map { ($0, Array($0.utf8)) }
            .sorted { ($1.bytes.count, $0.text) < ($0.bytes.count, $1.text) }
    }

    /// What a short link leads to.
    func target(of short: String) -> String? { targets[short]?.url }

    /// The short link that stands at this place, and nothing that only begins like one.
    func match(in bytes: [UInt8], at start: Int) -> Target? {
        for (text, short) in shorts where short.first == bytes[start] {
            let end = start + short.count
            guard end <= bytes.count, bytes[start..<end].elementsEqual(short),
                end == bytes.count || !bytes[end].isLetterOrDigit
            else { continue }
            return targets[text]
        }
        return nil
    }
}

/// Whom the handles of a text belong to; the order in which they were found does not matter.
struct MentionTable {
    private var users: [String: UserID?] = [:]

    init(_ mentions: [Entities.Mention] = []) {
        for mention in mentions {
            let handle = mention.handle.lowercased()
            // Long posts name handles alone; what the short form says of the same handle is good for both.
            let known = users[handle] ?? nil
            users.updateValue([known, mention.user].compactMap(\.self).min(), forKey: handle)
        }
    }

    /// Whether X found this handle, and whose it is as far as X said.
    func match(_ handle: String) -> (isMention: Bool, user: UserID?) {
        guard let user = users[handle.lowercased()] else { return (false, nil) }
        return (true, user)
    }
}

extension UInt8 {
    /// Of ASCII alone.
    var isLetterOrDigit: Bool {
        (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self)
    }
    /// May stand in a handle.
    var isHandleByte: Bool { isLetterOrDigit || self == UInt8(ascii: "_") }
}
