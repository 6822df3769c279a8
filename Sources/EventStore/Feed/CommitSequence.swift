// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A commit's number: 1, 2, 3 … in the order of commits. 0 is before the first.
public struct CommitSequence: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static let zero = CommitSequence(rawValue: 0)

    public static func < (a: CommitSequence, b: CommitSequence) -> Bool { a.rawValue < b.rawValue }
    public var description: String { String(rawValue) }
}
