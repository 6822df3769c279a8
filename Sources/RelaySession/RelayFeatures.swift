// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What a relay offers beyond the basic protocol.
public struct RelayFeatures: Hashable, Sendable {
    /// Kinds that only those involved may read (NIP-17, NIP-59).
    public var guardedKinds: [Kind] = []
    /// Whether everybody is asked who they are as soon as they come, and not only when it matters (NIP-42).
    public var challengesAtOnce = false
    /// Whether filters may ask for all of some tags (NIP-91).
    public var allTags = false
    /// Whether filters may search for words (NIP-50).
    public var search = false
    /// Whether sets are reconciled (NIP-77).
    public var negentropy = false

    /// Direct messages of NIP-04, gift wraps, and gift wraps that are never stored.
    public static let privateKinds: [Kind] = [4, 1059, 21059]

    public init() {}
}

/// What somebody signs to show who they are (NIP-42): sixteen random bytes, another for each connection.
public struct Challenge: Hashable, Sendable {
    private let words: (UInt64, UInt64)

    public init(using generator: inout some RandomNumberGenerator) {
        words = (generator.next(), generator.next())
    }

    /// 32 hexadecimal digits.
    public var text: String { Self.digits(words.0) + Self.digits(words.1) }

    private static func digits(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    public static func == (a: Challenge, b: Challenge) -> Bool { a.words == b.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}
