// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Which repositories the operator takes, of those that list this service, and which never.
public struct RepositoryCuration: Sendable, Hashable {
    /// When it is not empty: the only ones that need no other to be accepted.
    public var whitelist: RepositoryPatternSet
    /// Neither accepted nor followed, and nobody may act through them.
    public var blacklist: RepositoryPatternSet

    public init(
        whitelist: RepositoryPatternSet = RepositoryPatternSet(),
        blacklist: RepositoryPatternSet = RepositoryPatternSet()
    ) {
        self.whitelist = whitelist
        self.blacklist = blacklist
    }

    public var isEmpty: Bool { whitelist.isEmpty && blacklist.isEmpty }

    /// Whether the repository at `address` is never taken.
    public func bars(_ address: EventAddress) -> Bool { !blacklist.isEmpty && blacklist.matches(address) }

    /// Whether the repository at `address` may be accepted for listing this service.
    public func welcomes(_ address: EventAddress) -> Bool {
        whitelist.isEmpty || whitelist.matches(address)
    }

    /// What senders of a barred announcement are told.
    public static let refusal = "blocked: this repository is not taken here"
}

/// Any number of ``ArchivePattern``s, asked at once.
public struct RepositoryPatternSet: Sendable, Hashable {
    public let patterns: Set<ArchivePattern>
    private let everything: Bool

    public init(_ patterns: some Sequence<ArchivePattern> = []) {
        self.patterns = Set(patterns)
        everything = self.patterns.contains(.everything)
    }

    public var isEmpty: Bool { patterns.isEmpty }

    /// Whether the repository announced at `address` is meant.
    public func matches(_ address: EventAddress) -> Bool {
        guard address.kind == .repositoryAnnouncement else { return false }
        return everything || patterns.contains(.identifier(address.identifier))
            || patterns.contains(.owner(address.pubkey))
            || patterns.contains(.repository(address.pubkey, address.identifier))
    }
}
