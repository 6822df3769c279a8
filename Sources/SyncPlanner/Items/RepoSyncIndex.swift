// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What we want: each followed repository, the relays that it lists and the events it is rooted in.
public struct RepoSyncIndex: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        /// Where to look, ourselves left out, at most ``SyncLimits/relaysPerAnnouncementMax``.
        public internal(set) var relays: Set<RelayURL> = []
        /// The announcement this was read from.
        public internal(set) var announcement: EventID
        let number: ItemNumber
        /// The repository itself, its roots (1617, 1618, 1621), the comments whose replies are asked for by
        /// themselves, and the deletions by those whose events are stored here, the owner among them.
        fileprivate(set) var items: ItemSet
    }

    /// What a root or a comment belongs to.
    struct Thread: Hashable, Sendable {
        fileprivate(set) var repositories: [ItemNumber]
        /// How many answers it is away from a root; a root: 0.
        fileprivate(set) var depth: Int
    }

    public private(set) var entries: [EventAddress: Entry] = [:]
    public private(set) var rootCount = 0
    public private(set) var commentCount = 0
    /// Which repositories share an identifier: their states are found together.
    public private(set) var repositoriesOfIdentifier: [TagValue: Set<EventAddress>] = [:]
    /// Who may act for any followed repository of an identifier, when that was last looked at.
    private(set) var authorities: [TagValue: Set<PublicKey>] = [:]
    /// The same as ``entries``, the other way round.
    private var repositoriesOfRelay: [RelayURL: ItemSet] = [:]
    private var addresses: [ItemNumber: EventAddress] = [:]
    private(set) var threads: [ItemNumber: Thread] = [:]
    /// Since when, by our clock, somebody's deletions are wanted; unknown for those whom an earlier run met.
    private(set) var followedSince: [ItemNumber: Timestamp] = [:]
    /// Everything wanted of all, but for references.
    private(set) var everything: ItemSet = [.announcements]

    public init() {}

    /// How many roots and comments the repositories of one owner have, each counted for each of them.
    private(set) var shares: [PublicKey: Share] = [:]

    struct Share: Hashable, Sendable {
        var roots = 0
        var comments = 0
    }

    /// Starts following, or takes what an edited announcement says now.
    ///
    /// - Parameter owner: the owner's deletions.
    mutating func follow(
        _ address: EventAddress, _ number: ItemNumber, owner: ItemNumber, announcement: EventID,
        relays: Set<RelayURL>
    ) {
        for relay in entries[address]?.relays ?? [] where !relays.contains(relay) {
            detach(number, from: relay)
        }
        for relay in relays { repositoriesOfRelay[relay, default: []].insert(number) }
        addresses[number] = address
        var entry =
            entries.removeValue(forKey: address)
            ?? Entry(announcement: announcement, number: number, items: [number, owner])
        entry.announcement = announcement
        entry.relays = relays
        everything.formUnion(entry.items)
        entries[address] = entry
        repositoriesOfIdentifier[address.identifier, default: []].insert(address)
    }

    /// From now on somebody's deletions are wanted, who was not known before.
    mutating func authorIsNew(_ item: ItemNumber, at wall: Timestamp) {
        if followedSince[item] == nil, !everything.contains(item) { followedSince[item] = wall }
    }

    mutating func unfollow(_ addresses: [EventAddress]) {
        for address in addresses { unfollow(address) }
        everything = [.announcements]
        for entry in entries.values { everything.formUnion(entry.items) }
        for item in followedSince.keys where !everything.contains(item) { followedSince[item] = nil }
    }

    private mutating func unfollow(_ address: EventAddress) {
        guard let entry = entries.removeValue(forKey: address) else { return }
        for relay in entry.relays { detach(entry.number, from: relay) }
        addresses[entry.number] = nil
        for item in entry.items where threads[item] != nil {
            detach(entry.number, from: item)
            charge(address.pubkey, item, -1)
        }
        repositoriesOfIdentifier[address.identifier]?.remove(address)
        if repositoriesOfIdentifier[address.identifier]?.isEmpty == true {
            repositoriesOfIdentifier[address.identifier] = nil
            authorities[address.identifier] = nil
        }
    }

    /// Adds a root (at no depth) or a comment; to be counted for a repository that is followed.
    mutating func insert(_ item: ItemNumber, depth: Int = 0, of address: EventAddress) {
        guard let number = insertAuthor(item, of: address) else { return }
        if threads[item] == nil { count(item, 1) }
        charge(address.pubkey, item, 1)
        threads[item, default: Thread(repositories: [], depth: depth)].repositories.append(number)
    }

    /// - Returns: the repository's number, if this is news.
    @discardableResult
    mutating func insertAuthor(_ item: ItemNumber, of address: EventAddress) -> ItemNumber? {
        guard entries[address]?.items.insert(item).isNew == true else { return nil }
        everything.insert(item)
        return entries[address]?.number
    }

    /// Forgets a root or a comment.
    ///
    /// - Returns: the repositories that lost it.
    mutating func remove(_ item: ItemNumber) -> [EventAddress] {
        guard let thread = threads.removeValue(forKey: item) else { return [] }
        count(item, -1)
        everything.remove(item)
        let theirs = thread.repositories.compactMap { addresses[$0] }
        for address in theirs {
            entries[address]?.items.remove(item)
            charge(address.pubkey, item, -1)
        }
        return theirs
    }

    /// Everything wanted of one relay, but for references.
    func wanted(of relay: RelayURL, isBootstrap: Bool) -> ItemSet {
        if isBootstrap { return everything }
        var wanted: ItemSet = [.announcements]
        for address in repositories(of: relay) {
            if let entry = entries[address] { wanted.formUnion(entry.items) }
        }
        return wanted
    }

    /// Takes who may act for the repositories of an identifier now.
    ///
    /// - Returns: those who could not before; `nil` when nobody was known to.
    mutating func authorise(_ keys: Set<PublicKey>, for identifier: TagValue) -> Set<PublicKey>? {
        // Most often the very same set, which is seen at once.
        if authorities[identifier] == keys { return [] }
        return authorities.updateValue(keys, forKey: identifier).map { keys.subtracting($0) }
    }

    /// What is wanted of one relay because of each owner's repositories; first the owners who were met first, so that nobody
    /// who comes later, under whichever key, takes an earlier one's place.
    func shares(of relay: RelayURL, isBootstrap: Bool) -> [ItemSet] {
        var shares: [PublicKey: ItemSet] = [:]
        for address in isBootstrap ? Array(entries.keys) : repositories(of: relay) {
            shares[address.pubkey, default: []].formUnion(entries[address]?.items ?? [])
        }
        return shares.values.map { (first: $0.only(.repository).first { _ in true }, share: $0) }
            .sorted { ($0.first ?? .announcements) < ($1.first ?? .announcements) }.map(\.share)
    }

    /// Who lists this relay.
    func repositories(of relay: RelayURL) -> [EventAddress] {
        (repositoriesOfRelay[relay] ?? []).compactMap { addresses[$0] }
    }

    /// What a root or a comment belongs to.
    func repositories(ofThread item: ItemNumber) -> [EventAddress] {
        threads[item]?.repositories.compactMap { addresses[$0] } ?? []
    }

    /// Every relay that some repository lists.
    var namedRelays: some Collection<RelayURL> { repositoriesOfRelay.keys }

    func isNamed(_ relay: RelayURL) -> Bool { repositoriesOfRelay[relay] != nil }

    // MARK: Sums

    private mutating func count(_ item: ItemNumber, _ change: Int) {
        if item.isRoot { rootCount += change } else { commentCount += change }
    }

    private mutating func charge(_ owner: PublicKey, _ item: ItemNumber, _ change: Int) {
        var share = shares[owner] ?? Share()
        if item.isRoot { share.roots += change } else { share.comments += change }
        shares[owner] = share == Share() ? nil : share
    }

    private mutating func detach(_ repository: ItemNumber, from relay: RelayURL) {
        repositoriesOfRelay[relay]?.remove(repository)
        if repositoriesOfRelay[relay]?.isEmpty == true { repositoriesOfRelay[relay] = nil }
    }

    private mutating func detach(_ repository: ItemNumber, from item: ItemNumber) {
        threads[item]?.repositories.removeAll { $0 == repository }
        guard threads[item]?.repositories.isEmpty == true else { return }
        threads[item] = nil
        count(item, -1)
    }
}
