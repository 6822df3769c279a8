// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Words of strangers for the page: cut where they are too long, with what hides in them shown.
public struct ForeignText {
    /// What is shown at most, in **Unicode scalars**: one character may have a million of them.
    public let most: Int

    public init(most: Int) { self.most = most }

    /// As it is written, line breaks and all; what cannot be seen is named: `U+202E`.
    public func html(_ text: String) -> HTML {
        let (shown, rest) = cut(text)
        var pieces: [HTML] = []
        var plain = String.UnicodeScalarView()
        for scalar in shown {
            guard scalar.isHidden else {
                plain.append(scalar)
                continue
            }
            pieces.append("\(String(plain))")
            plain = String.UnicodeScalarView()
            // The end of a line that Windows wrote.
            if scalar == "\r" { continue }
            pieces.append("<mark class=\"hidden\">\(Self.name(of: scalar))</mark>")
        }
        pieces.append("\(String(plain))")
        if rest > 0 { pieces.append("<mark class=\"hidden\">… \(rest) more</mark>") }
        return "\(pieces)"
    }

    /// In one line, without telling what was left out.
    public func line(_ text: String) -> String {
        let words = String(String.UnicodeScalarView(text.unicodeScalars.prefix(4 * most)))
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let (shown, rest) = cut(words)
        return String(String.UnicodeScalarView(shown)) + (rest > 0 ? "…" : "")
    }

    private func cut(_ text: String) -> (Substring.UnicodeScalarView, rest: Int) {
        let all = text[...].unicodeScalars
        let shown = all.prefix(most)
        return (shown, shown.endIndex == all.endIndex ? 0 : all[shown.endIndex...].count)
    }

    private static func name(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
