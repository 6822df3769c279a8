// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Poll {
    /// The choices in order; with votes once nobody can vote any more.
    var text: String {
        let lines = options.sorted { $0.position < $1.position }.map { option in
            let label = PostText(option.label, links: LinkTable(), mentions: MentionTable()).plain()
            return isOpen == false
                ? "\(option.position). \(label) (\(option.votes) \(option.votes == 1 ? "vote" : "votes"))"
                : "\(option.position). \(label)"
        }
        return (["Poll:"] + lines).joined(separator: "\n")
    }
}

/// A language by its code of two letters (ISO 639-1).
enum LanguageCode {
    /// - Parameter tag: what X says of a post: mostly BCP 47, some codes of old, and `und`, `qme` and the like
    ///   where there is no language.
    /// - Returns: `nil` where there is none, or none that has two letters.
    static func code(of tag: String?) -> String? {
        guard let letters = tag?.split(separator: "-").first?.lowercased(), letters.utf8.count == 2,
            letters.utf8.allSatisfy({ (97...122).contains($0) })
        else { return nil }
        return renamed[letters] ?? letters
    }

    /// Codes that were withdrawn in 1989.
    private static let renamed = ["in": "id", "iw": "he", "ji": "yi"]
}
