// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The number of a post on X: unsigned, at most 19 digits, growing with time (`snowflake`).
public struct PostID: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    public let number: UInt64

    public init(_ number: UInt64) { self.number = number }

    /// - Returns: `nil` unless `text` is 1–19 decimal digits.
    public init?(_ text: some StringProtocol) {
        guard let number = decimal(text) else { return nil }
        self.number = number
    }

    /// When it was made, in **milliseconds** since 1970; only of posts since November 2010.
    public var milliseconds: Int64 { Int64(number >> 22) + Self.firstMillisecond }

    /// The least number of a post made at this moment; 0 for moments before the numbers had dates.
    public static func first(at milliseconds: Int64) -> PostID {
        PostID(milliseconds <= firstMillisecond ? 0 : UInt64(milliseconds - firstMillisecond) << 22)
    }

    public static func < (a: PostID, b: PostID) -> Bool { a.number < b.number }
    public var description: String { String(number) }

    private static let firstMillisecond: Int64 = 1_288_834_974_657
}

/// The number of an account on X; it stays when the handle changes.
public struct UserID: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    public let number: UInt64

    public init(_ number: UInt64) { self.number = number }

    /// - Returns: `nil` unless `text` is 1–19 decimal digits.
    public init?(_ text: some StringProtocol) {
        guard let number = decimal(text) else { return nil }
        self.number = number
    }

    public static func < (a: UserID, b: UserID) -> Bool { a.number < b.number }
    public var description: String { String(number) }
}

/// A handle: 1–15 letters, digits and underscores. Compared without case.
public struct Handle: Hashable, Sendable, Codable, CustomStringConvertible {
    /// As it is written, without the `@`.
    public let text: String

    /// - Parameter text: with or without an `@` before it.
    public init?(_ text: some StringProtocol) {
        let name = text.first == "@" ? text.dropFirst() : text[...]
        guard (1...15).contains(name.utf8.count),
            name.utf8.allSatisfy({
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
            })
        else { return nil }
        self.text = String(name)
    }

    /// For keys and comparisons.
    public var folded: String { text.lowercased() }

    public static func == (a: Handle, b: Handle) -> Bool { a.folded == b.folded }
    public func hash(into hasher: inout Hasher) { hasher.combine(folded) }
    public var description: String { "@\(text)" }
}

private func decimal(_ text: some StringProtocol) -> UInt64? {
    guard (1...19).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
        return nil
    }
    return UInt64(text)
}
