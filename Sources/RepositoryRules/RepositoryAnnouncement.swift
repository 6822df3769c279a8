// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// A repository announcement (NIP-34, kind 30617): who owns what, where it is cloned, which relays watch it.
///
/// Tags with several values and tags that are repeated mean the same. What is invalid or beyond
/// ``RepositoryLimits`` is left out.
public struct RepositoryAnnouncement: Sendable, Hashable {
    /// The event it was read from.
    public let id: EventID
    public let owner: PublicKey
    /// The `d` tag: never empty, otherwise any text.
    public let identifier: TagValue
    public let createdAt: Timestamp
    /// Valid ones in the order of the announcement, each once; beyond ``RepositoryLimits/relays`` that of the service
    /// alone.
    public private(set) var relays: [RelayURL]
    /// Whether it names more relays than are taken from one announcement.
    public private(set) var namesMoreRelays: Bool
    /// As written.
    public private(set) var cloneURLs: [String]
    /// Further keys that may act for the owner; not the owner.
    public let maintainers: [PublicKey]

    /// - Parameter service: counts wherever it stands in a list, also beyond ``RepositoryLimits``.
    /// - Returns: `nil` for another kind, and without the `d` tag that NIP-34 demands or with one that is too long.
    public init?(_ event: Event, for service: ServiceAuthority?) {
        guard event.kind == .repositoryAnnouncement else { return nil }
        let identifier = event.identifier
        guard (1...RepositoryLimits.identifierBytes).contains(identifier.bytes.count) else { return nil }
        let tags = event.tags
        id = event.id
        owner = event.pubkey
        self.identifier = identifier
        createdAt = event.createdAt
        (relays, namesMoreRelays) = Self.values(
            of: "relays", in: tags, atMost: RepositoryLimits.relays,
            besides: service.map { service in { service.matches($0) } }
        ) { value in
            value.bytes.count <= RepositoryLimits.urlBytes ? try? RelayURL(value.string) : nil
        }
        (cloneURLs, _) = Self.values(
            of: "clone", in: tags, atMost: RepositoryLimits.cloneURLs,
            besides: service.map { service in { service.matches(cloneURL: $0) } }
        ) { value in
            value.bytes.count <= RepositoryLimits.urlBytes && !value.isEmpty ? value.string : nil
        }
        (maintainers, _) = Self.values(of: "maintainers", in: tags, atMost: RepositoryLimits.maintainers) {
            value in
            Hex.decode32(value.bytes.span).map { PublicKey($0) }.flatMap { $0 == event.pubkey ? nil : $0 }
        }
    }

    /// `30617:<owner>:<identifier>`.
    public var address: EventAddress {
        EventAddress(kind: .repositoryAnnouncement, pubkey: owner, identifier: identifier)
    }

    /// The relays that GRASP services named by the clone URLs would be, each once.
    public var cloneRelays: [RelayURL] {
        var seen: Set<RelayURL> = []
        return cloneURLs.compactMap { CloneURL.relay(beside: $0) }.filter { seen.insert($0).inserted }
    }

    /// Leaves out what following has no use for, so that an announcement costs memory by what it says and not by
    /// how long it is: long addresses, and clone URLs beyond the first few; those of the service are kept.
    public mutating func trim(for service: ServiceAuthority?) {
        let most = RepositoryLimits.followedURLBytes
        relays = relays.filter { $0.text.utf8.count <= most || service?.matches($0) == true }
        let ours = cloneURLs.first { service?.matches(cloneURL: $0) == true }
        let others = cloneURLs.filter { $0 != ours && $0.utf8.count <= most }
        let dropped = others.dropFirst(RepositoryLimits.relays)
        cloneURLs = (ours.map { [$0] } ?? []) + others.prefix(RepositoryLimits.relays)
        if !dropped.isEmpty {
            let known = Set(relays + cloneRelays)
            namesMoreRelays =
                namesMoreRelays
                || dropped.contains { CloneURL.relay(beside: $0).map { !known.contains($0) } ?? false }
        }
    }

    /// Keeps one copy of what other announcements name, too.
    public mutating func shareRelays(_ pool: inout RelayURLPool) { relays = relays.map { pool.shared($0) } }

    /// Whether it names the service both where it is cloned and where it is watched (GRASP-01).
    public func lists(_ service: ServiceAuthority) -> Bool {
        relays.contains { service.matches($0) } && cloneURLs.contains { service.matches(cloneURL: $0) }
    }

    /// Whether it, rather than `other` at the same address, is the one in force: newest, then lowest id.
    public func supersedes(_ other: RepositoryAnnouncement) -> Bool {
        createdAt != other.createdAt ? createdAt > other.createdAt : id < other.id
    }

    /// - Parameter isOurs: the first of these counts also beyond the limit, and besides it.
    private static func values<Value: Hashable>(
        of name: TagValue, in tags: [Tag], atMost limit: Int, besides isOurs: ((Value) -> Bool)? = nil,
        read: (TagValue) -> Value?
    ) -> (found: [Value], isCut: Bool) {
        var found: [Value] = []
        var seen: Set<Value> = []
        var (isCut, hasOurs) = (false, isOurs == nil)
        for text in tags.lazy.filter({ $0.name == name }).flatMap(\.values) {
            guard let value = read(text), !seen.contains(value) else { continue }
            let isFirstOfOurs = !hasOurs && isOurs?(value) == true
            hasOurs = hasOurs || isFirstOfOurs
            if found.count < limit || isFirstOfOurs {
                seen.insert(value)
                found.append(value)
            } else {
                isCut = true
            }
            if isCut, hasOurs { break }
        }
        return (found, isCut)
    }
}
