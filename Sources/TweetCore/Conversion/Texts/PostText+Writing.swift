// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension PostText {
    /// Puts the pieces together again, without white space at the ends.
    ///
    /// - Parameters:
    ///   - link: what is written for a link; `nil`: it is left out, with a space beside it.
    ///   - mention: what is written for a handle.
    func written(
        link: (LinkTable.Target) -> String?, mention: (String, UserID?) -> String
    ) -> String {
        var output: [UInt8] = []
        var hasGap = false
        for piece in pieces {
            let text: String?
            switch piece {
            case .plain(let plain): text = plain
            case .link(let target): text = link(target)
            case .mention(let handle, let user): text = mention(handle, user)
            }
            guard let text else {
                hasGap = true
                continue
            }
            var bytes = Array(text.utf8)[...]
            if hasGap { Self.close(&output, &bytes) }
            hasGap = false
            output += bytes
        }
        return Self.trimmed(output[...])
    }

    /// With whole links, and handles as they are.
    func plain() -> String { written(link: \.url, mention: { handle, _ in handle }) }

    /// Where something between two texts was left out, one of the two spaces around it goes as well.
    private static func close(_ before: inout [UInt8], _ after: inout ArraySlice<UInt8>) {
        guard before.last?.isSpace ?? true else { return }
        if after.first == UInt8(ascii: " ") {
            after = after.dropFirst()
        } else if after.first == UInt8(ascii: "\n") {
            while before.last == UInt8(ascii: " ") { before.removeLast() }
        }
    }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let front = bytes.drop { $0.isSpace }
        let end = front.lastIndex { !$0.isSpace }.map { $0 + 1 } ?? front.startIndex
        return String(decoding: front[..<end], as: UTF8.self)
    }

    /// Takes mentions off the beginning, as X puts there whom a reply answers.
    ///
    /// - Parameter isTold: whether something else tells of this account; the others stay.
    func withoutLeadingMentions(where isTold: (UserID?) -> Bool) -> PostText {
        var kept: [Piece] = []
        var rest = pieces[...]
        var removed = false
        loop: while let piece = rest.first {
            switch piece {
            case .mention(_, let user) where isTold(user): removed = true
            case .mention: kept += [piece, .plain(" ")]
            case .plain(let text) where text.utf8.allSatisfy(\.isSpace): break
            case .plain, .link: break loop
            }
            rest = rest.dropFirst()
        }
        guard removed else { return self }
        if case .plain(let text)? = rest.first {
            rest[rest.startIndex] = .plain(
                String(decoding: Array(text.utf8.drop(while: \.isSpace)), as: UTF8.self))
        }
        var text = self
        text.pieces = kept + rest
        return text
    }
}

extension UInt8 {
    /// Of ASCII: a space, a tab or the end of a line.
    var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
