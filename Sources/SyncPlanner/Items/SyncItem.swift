// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// One thing that is wanted complete from one relay.
public enum SyncItem: Hashable, Sendable {
    /// L1: every announcement and grasp list the relay holds.
    case announcements
    /// State and L2: one repository's states and what names its address.
    case repository(EventAddress)
    /// L3: what names one root event.
    case root(EventID)
    /// Deletions by somebody whose events are followed.
    case deletions(PublicKey)
    /// What answers one comment, naming nothing else that is followed.
    case comment(EventID)
    /// L4: one event that something accepted names and the store lacks. Asked once, never live.
    case reference(Reference)

    /// What a relay is asked for first: announcements lead to everything else.
    public enum Family: Int, Sendable, Hashable, Comparable, CaseIterable {
        case announcements, repository, root, deletions, reference, comment
        public static func < (a: Family, b: Family) -> Bool { a.rawValue < b.rawValue }
    }

    public var family: Family {
        switch self {
        case .announcements: .announcements
        case .repository: .repository
        case .root: .root
        case .deletions: .deletions
        case .comment: .comment
        case .reference: .reference
        }
    }
}

/// An event as another event names it.
public enum Reference: Hashable, Sendable, Comparable {
    case event(EventID)
    case address(EventAddress)

    public static func < (a: Reference, b: Reference) -> Bool {
        switch (a, b) {
        case (.event(let a), .event(let b)): a < b
        case (.address(let a), .address(let b)): a < b
        case (.event, .address): true
        case (.address, .event): false
        }
    }
}

extension SyncItem: Comparable {
    public static func < (a: SyncItem, b: SyncItem) -> Bool {
        switch (a, b) {
        case (.repository(let a), .repository(let b)): a < b
        case (.root(let a), .root(let b)): a < b
        case (.deletions(let a), .deletions(let b)): a < b
        case (.comment(let a), .comment(let b)): a < b
        case (.reference(let a), .reference(let b)): a < b
        default: a.family < b.family
        }
    }
}
