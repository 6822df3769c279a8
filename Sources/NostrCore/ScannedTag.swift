// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Where one tag's name and first value lie: ranges of bytes inside the quotes, still escaped.
public struct ScannedTag: Sendable {
    /// `nil` for `[]`.
    public var name: Range<Int>?
    /// `nil` for `["x"]`.
    public var value: Range<Int>?
    public var nameHasEscapes: Bool
    public var valueHasEscapes: Bool
    /// The whole tag, brackets included.
    public var range: Range<Int>

    public init(
        name: Range<Int>?, value: Range<Int>?, nameHasEscapes: Bool = false, valueHasEscapes: Bool = false,
        range: Range<Int>
    ) {
        self.name = name
        self.value = value
        self.nameHasEscapes = nameHasEscapes
        self.valueHasEscapes = valueHasEscapes
        self.range = range
    }

    /// The name, when it is a single ASCII letter.
    public func letter(in json: Span<UInt8>) -> UInt8? { fatalError("not written yet") }

    /// An unescaped copy of the first value.
    public func value(in json: Span<UInt8>) -> TagValue? { fatalError("not written yet") }
}
