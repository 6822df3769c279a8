// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a relay says of itself in free text, cut down to what may be shown to an operator.
public enum UpstreamWords {
    /// **Bytes** of a text that are kept.
    public static let lengthMax = 160

    /// One line of at most ``lengthMax`` bytes: nothing that moves a cursor, hides, or turns the line around.
    public static func short(_ text: String) -> String {
        var (short, length, isCut) = ("", 0, false)
        for scalar in text.unicodeScalars {
            let shown: Unicode.Scalar = isPrintable(scalar) ? scalar : " "
            if shown == " ", short.isEmpty || short.last == " " { continue }
            length += UTF8.width(shown)
            guard length <= lengthMax else {
                isCut = true
                break
            }
            short.unicodeScalars.append(shown)
        }
        if short.last == " " { short.removeLast() }
        return isCut ? short + "…" : short
    }

    /// The text without anything that moves a cursor, hides, or turns a line around: a space stands for each.
    public static func printable(_ text: String) -> String {
        guard !text.unicodeScalars.allSatisfy(isPrintable) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isPrintable($0) ? $0 : " " }))
    }

    /// Whether a scalar is seen where it stands, and changes nothing around it.
    public static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            false
        default: true
        }
    }
}
