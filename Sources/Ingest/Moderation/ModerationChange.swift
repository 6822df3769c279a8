// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import RepositoryRules

/// One thing that management does to the lists (NIP-86).
///
/// What bans somebody takes them off the list of the allowed, and the other way round.
public enum ModerationChange: Sendable, Hashable {
    /// Nothing more of this key is taken, and what is stored of it goes.
    case banPubkey(PublicKey, reason: String = "")
    case unbanPubkey(PublicKey)
    /// From the first of these on, only keys of the list publish.
    case allowPubkey(PublicKey, reason: String = "")
    case unallowPubkey(PublicKey)
    /// The event goes and does not come back.
    case banEvent(EventID, reason: String = "")
    case unbanEvent(EventID)
    /// The event is taken whatever other lists say.
    case allowEvent(EventID, reason: String = "")
    case unallowEvent(EventID)
    /// From the first of these on, only kinds of the list are taken.
    case allowKind(Kind)
    case unallowKind(Kind)
    /// Nothing more of this kind is taken; what is stored stays.
    case banKind(Kind)
    case unbanKind(Kind)
    /// Nobody connects from here; who is connected is cut off.
    case blockAddress(AddressPrefix, reason: String = "")
    case unblockAddress(AddressPrefix)
    /// From the first of these on, no others are taken for listing this relay.
    case allowRepository(ArchivePattern, reason: String = "")
    case unallowRepository(ArchivePattern)
    /// Neither taken nor followed any more; what is stored stays.
    case banRepository(ArchivePattern, reason: String = "")
    case unbanRepository(ArchivePattern)
    /// What NIP-11 tells; `nil` for what the configuration says.
    case changeName(String?)
    case changeDescription(String?)
    case changeIcon(String?)
}

/// Why a change was not made. Nothing of it happened.
public enum ModerationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The configuration says so; only whoever edits it undoes it.
    case isConfigured
    /// There are as many entries as ``ModerationLimits`` lets be.
    case full
    case tooLong
    /// It could not be written; says why.
    case failed(String)

    public var description: String {
        switch self {
        case .isConfigured: "this stands in the configuration"
        case .full: "there are too many entries"
        case .tooLong: "the text is too long"
        case .failed(let reason): reason
        }
    }
}

/// Every bound of what management may keep.
public struct ModerationLimits: Hashable, Sendable {
    /// Entries of all lists together.
    public var entries = 100_000
    /// **Bytes** of a reason.
    public var reasonBytes = 1_024
    /// **Bytes** of a name, a description, the address of an icon.
    public var informationBytes = 8_192
    /// **Bytes** of a repository as it is written in a list.
    public var patternBytes = 400
    /// Stored events that one transaction removes of a banned key.
    public var removedAtOnce = 500

    public init() {}
}
