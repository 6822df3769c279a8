// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A piece of a page. Only what stands in our own source becomes markup: a ``Swift/String`` that is put into one is escaped,
/// so that forgetting to is no mistake one can make.
///
/// ```swift
/// let row: HTML = "<p title=\"\(name)\">\(text)</p>"    // whatever `name` and `text` hold
/// ```
public struct HTML: Hashable, Sendable, ExpressibleByStringInterpolation {
    public private(set) var markup: String

    public init(stringLiteral markup: StaticString) { self.markup = "\(markup)" }
    public init(stringInterpolation pieces: Interpolation) { markup = pieces.markup }
    private init(markup: String) { self.markup = markup }

    public static let none: HTML = ""

    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        public init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(2 * literalCapacity)
        }
        public mutating func appendLiteral(_ literal: StaticString) { markup += "\(literal)" }
        public mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
        public mutating func appendInterpolation(_ list: [HTML]) {
            for html in list { markup += html.markup }
        }
        /// Good between tags and between double quotes of an attribute.
        public mutating func appendInterpolation(_ text: String) { HTML.escape(text, to: &markup) }
        public mutating func appendInterpolation(_ number: some BinaryInteger) { markup += String(number) }
    }

    public typealias StringInterpolation = Interpolation

    /// A list with something between its pieces.
    public static func joined(_ list: [HTML], by separator: HTML) -> HTML {
        HTML(markup: list.map(\.markup).joined(separator: separator.markup))
    }

    public static func + (a: HTML, b: HTML) -> HTML { HTML(markup: a.markup + b.markup) }

    /// What means something in HTML becomes a reference; what is not to be seen, or would turn the order of what follows,
    /// becomes U+FFFD.
    private static func escape(_ text: String, to markup: inout String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": markup += "&amp;"
            case "<": markup += "&lt;"
            case ">": markup += "&gt;"
            case "\"": markup += "&quot;"
            case "'": markup += "&#39;"
            case "`": markup += "&#96;"
            default: markup.unicodeScalars.append(scalar.isHidden ? "\u{FFFD}" : scalar)
            }
        }
    }
}

extension Unicode.Scalar {
    /// Whether it cannot be seen, or changes how others are seen: controls, what sets the direction of writing, spaces of no width,
    /// tags. Joiners and variation selectors are parts of emoji and of words, and stay.
    public var isHidden: Bool {
        switch value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F..<0xA0: true
        case 0xAD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F: true
        case 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
        case 0xE0000...0xE007F: true
        default: false
        }
    }
}
