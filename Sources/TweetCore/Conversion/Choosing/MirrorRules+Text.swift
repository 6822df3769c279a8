// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension MirrorRules {
    /// Words of one list.
    public static let mostWords = 1_000
    /// **Bytes** of one word or phrase.
    public static let wordBytes = 256

    /// What the rules say, for people: `since 2026-01-01`, `with art or tea`, `no reply`. Empty: everything is mirrored.
    public var summary: [String] {
        var parts: [String] = []
        if let since { parts.append("since \(UTCMoment.brief(since))") }
        if let until { parts.append("until \(UTCMoment.brief(until))") }
        if !wordsIn.isEmpty { parts.append("with \(wordsIn.joined(separator: " or "))") }
        if !wordsOut.isEmpty { parts.append("without \(wordsOut.joined(separator: ", "))") }
        if !kindsIn.isEmpty { parts.append("only \(kindsIn.map(\.rawValue).joined(separator: ", "))") }
        if !kindsOut.isEmpty { parts.append("no \(kindsOut.map(\.rawValue).joined(separator: ", "))") }
        return parts
    }

    /// A word or phrase that can be looked for; `nil` when it is empty, too long or of more than one line.
    public static func word(_ text: String) -> String? {
        let word = String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        guard (1...wordBytes).contains(word.utf8.count), !word.contains(where: \.isNewline) else {
            return nil
        }
        return word
    }
}

extension UTCMoment {
    /// A day, `2026-01-31`, or a moment of one, `2026-01-31T12:00:00Z`.
    ///
    /// - Returns: **milliseconds** since 1970; `nil` for anything else, and for days that no month has.
    public static func wanted(_ text: String) -> Int64? {
        let moment = text.utf8.count == 10 ? milliseconds(text + "T00:00:00Z") : lenient(text)
        guard let moment, text.utf8.count != 10 || self.text(moment).hasPrefix(text) else { return nil }
        return moment
    }

    /// The same the other way: a day where it is midnight.
    public static func brief(_ milliseconds: Int64) -> String {
        let text = text(milliseconds)
        return milliseconds % 86_400_000 == 0 ? String(text.prefix(10)) : text
    }
}
