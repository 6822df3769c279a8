// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What we want: each followed repository, the relays that it lists and the events it is rooted in.
public struct RepoSyncIndex: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        /// Where to look, ourselves left out, at most ``SyncLimits/relaysPerAnnouncementMax``.
        public internal(set) var relays: Set<RelayURL> = []
        /// Patches, pull requests and issues (1617, 1618, 1621).
        public internal(set) var roots: Set<EventID> = []
        /// Comments whose replies are asked for by themselves.
        public internal(set) var comments: Set<EventID> = []
        /// Whose events are stored here; the owner among them.
        public internal(set) var authors: Set<PublicKey> = []
        /// Who may act for any followed repository of this identifier.
        public internal(set) var maintainers: Set<PublicKey> = []
        public internal(set) var level: Level = .full
        /// The announcement this was read from.
        public internal(set) var announcement: EventID
    }

    /// How much of a repository is wanted.
    public enum Level: Hashable, Sendable {
        case full
        /// States alone: the announcement waits for its git data.
        case stateOnly
    }

    public internal(set) var entries: [EventAddress: Entry] = [:]
    /// Which repositories a root event counts for.
    public private(set) var repositoriesOfRoot: [EventID: Set<EventAddress>] = [:]
    /// The same for comments, and how many answers each is away from a root.
    public private(set) var comments: [EventID: Comment] = [:]
    /// Which repositories share an identifier: their states are found together.
    public private(set) var repositoriesOfIdentifier: [TagValue: Set<EventAddress>] = [:]
    /// The same as ``entries``, the other way round.
    public private(set) var repositoriesOfRelay: [RelayURL: Set<EventAddress>] = [:]

    public struct Comment: Hashable, Sendable {
        public internal(set) var repositories: Set<EventAddress>
        public internal(set) var depth: Int
    }

    public init() {}

    public var rootCount: Int { repositoriesOfRoot.count }

    /// Starts following, or takes what an edited announcement says now.
    mutating func follow(
        _ address: EventAddress, announcement: EventID, relays: Set<RelayURL>, maintainers: Set<PublicKey>
    ) {
        for relay in entries[address]?.relays ?? [] where !relays.contains(relay) {
            detach(address, from: relay)
        }
        for relay in relays { repositoriesOfRelay[relay, default: []].insert(address) }
        var entry = entries[address] ?? Entry(announcement: announcement)
        entry.announcement = announcement
        entry.relays = relays
        entry.maintainers = maintainers
        entry.authors.insert(address.pubkey)
        entries[address] = entry
        repositoriesOfIdentifier[address.identifier, default: []].insert(address)
    }

    mutating func unfollow(_ address: EventAddress) {
        guard let entry = entries.removeValue(forKey: address) else { return }
        for relay in entry.relays { detach(address, from: relay) }
        for root in entry.roots { detach(address, from: root) }
        for comment in entry.comments { detach(address, fromComment: comment) }
        repositoriesOfIdentifier[address.identifier]?.remove(address)
        if repositoriesOfIdentifier[address.identifier]?.isEmpty == true {
            repositoriesOfIdentifier[address.identifier] = nil
        }
    }

    /// - Returns: whether this is news.
    mutating func insertRoot(_ root: EventID, of address: EventAddress) -> Bool {
        guard entries[address]?.roots.insert(root).inserted == true else { return false }
        repositoriesOfRoot[root, default: []].insert(address)
        return true
    }

    /// - Returns: whether this is news.
    mutating func insertComment(_ id: EventID, depth: Int, of address: EventAddress) -> Bool {
        guard entries[address]?.comments.insert(id).inserted == true else { return false }
        comments[id, default: Comment(repositories: [], depth: depth)].repositories.insert(address)
        return true
    }

    /// - Returns: the repositories that lost it.
    mutating func removeComment(_ id: EventID) -> Set<EventAddress> {
        let addresses = comments.removeValue(forKey: id)?.repositories ?? []
        for address in addresses { entries[address]?.comments.remove(id) }
        return addresses
    }

    /// - Returns: the repositories that lost it.
    mutating func removeRoot(_ root: EventID) -> Set<EventAddress> {
        let addresses = repositoriesOfRoot.removeValue(forKey: root) ?? []
        for address in addresses { entries[address]?.roots.remove(root) }
        return addresses
    }

    /// - Returns: whether this is news.
    mutating func insertAuthor(_ author: PublicKey, of address: EventAddress) -> Bool {
        entries[address]?.authors.insert(author).inserted == true
    }

    /// Everything wanted of one relay, but for references.
    ///
    /// - Complexity: O(items).
    func wanted(of relay: RelayURL, isBootstrap: Bool) -> Set<SyncItem> {
        var wanted: Set<SyncItem> = [.announcements]
        func add(_ address: EventAddress, _ entry: Entry) {
            wanted.insert(.repository(address))
            guard entry.level == .full else { return }
            for root in entry.roots { wanted.insert(.root(root)) }
            for comment in entry.comments { wanted.insert(.comment(comment)) }
            for author in entry.authors { wanted.insert(.deletions(author)) }
        }
        if isBootstrap {
            for (address, entry) in entries { add(address, entry) }
        } else {
            for address in repositoriesOfRelay[relay] ?? [] {
                if let entry = entries[address] { add(address, entry) }
            }
        }
        return wanted
    }

    private mutating func detach(_ address: EventAddress, from relay: RelayURL) {
        repositoriesOfRelay[relay]?.remove(address)
        if repositoriesOfRelay[relay]?.isEmpty == true { repositoriesOfRelay[relay] = nil }
    }

    private mutating func detach(_ address: EventAddress, fromComment id: EventID) {
        comments[id]?.repositories.remove(address)
        if comments[id]?.repositories.isEmpty == true { comments[id] = nil }
    }

    private mutating func detach(_ address: EventAddress, from root: EventID) {
        repositoriesOfRoot[root]?.remove(address)
        if repositoriesOfRoot[root]?.isEmpty == true { repositoriesOfRoot[root] = nil }
    }
}
