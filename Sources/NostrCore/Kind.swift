// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An event's kind, 0 … 65535, and what its range implies (NIP-01).
public struct Kind: Hashable, Sendable, Comparable, RawRepresentable, CustomStringConvertible,
    ExpressibleByIntegerLiteral
{
    public let rawValue: UInt16

    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
    @inlinable public init(_ rawValue: UInt16) { self.rawValue = rawValue }
    @inlinable public init(integerLiteral value: UInt16) { rawValue = value }

    /// Only the newest event of each author is kept: 0, 3, 10000 … 19999.
    @inlinable public var isReplaceable: Bool {
        rawValue == 0 || rawValue == 3 || (10_000..<20_000).contains(rawValue)
    }
    /// Handed to subscribers and never stored: 20000 … 29999.
    @inlinable public var isEphemeral: Bool { (20_000..<30_000).contains(rawValue) }
    /// Only the newest event of each author and `d` tag is kept: 30000 … 39999.
    @inlinable public var isAddressable: Bool { (30_000..<40_000).contains(rawValue) }

    @inlinable public static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
    public var description: String { String(rawValue) }
}

extension Kind {
    public static let metadata: Kind = 0
    public static let textNote: Kind = 1
    public static let contacts: Kind = 3
    /// NIP-09.
    public static let deletion: Kind = 5
    /// NIP-18.
    public static let repost: Kind = 6
    /// NIP-18, of kinds other than 1.
    public static let genericRepost: Kind = 16
    /// NIP-62.
    public static let requestToVanish: Kind = 62
    /// NIP-59.
    public static let giftWrap: Kind = 1059
    /// NIP-22.
    public static let comment: Kind = 1111
    /// NIP-34 patch.
    public static let patch: Kind = 1617
    /// NIP-34 pull request.
    public static let pullRequest: Kind = 1618
    /// NIP-34 pull request update.
    public static let pullRequestUpdate: Kind = 1619
    /// NIP-34 reply of old: NIP-22 comments have taken its place.
    public static let gitReply: Kind = 1622
    /// NIP-34 issue.
    public static let issue: Kind = 1621
    /// NIP-65.
    public static let relayList: Kind = 10002
    /// NIP-17.
    public static let directMessageRelays: Kind = 10050
    /// A user's list of GRASP servers.
    public static let graspList: Kind = 10317
    /// NIP-42.
    public static let clientAuthentication: Kind = 22242
    /// NIP-34.
    public static let repositoryAnnouncement: Kind = 30617
    /// NIP-34.
    public static let repositoryState: Kind = 30618
}
