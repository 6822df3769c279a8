// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// The announcements of one identifier, and the keys that may act for those of interest.
///
/// Maintainership is directed: that A lists B lets B act for A, not A for B. A listed key whose
/// announcement is not here is a maintainer too, but nobody can be reached through it.
public struct RepositoryGroup: Sendable {
    public let interest: RepositoryInterest
    /// The announcement in force of each owner.
    public private(set) var announcements: [PublicKey: RepositoryAnnouncement] = [:]
    /// The union of the recursive maintainers of every announcement of interest, owners included.
    public private(set) var authorised: Set<PublicKey> = []
    /// Owners whose announcements are of interest for their own sake.
    private var roots: Set<PublicKey> = []

    public init(interest: RepositoryInterest) { self.interest = interest }

    /// Takes in an announcement, unless the one that is here supersedes it.
    public mutating func upsert(_ announcement: RepositoryAnnouncement) -> AuthorityChange {
        let owner = announcement.owner
        // One that is barred is as if nobody had announced it, whatever was there before.
        if interest.curation.bars(announcement.address) { return forget(owner) }
        let previous = announcements[owner]
        if let previous, previous == announcement || previous.supersedes(announcement) {
            return AuthorityChange()
        }
        let wasRoot = roots.contains(owner)
        announcements[owner] = announcement
        if interest.includes(announcement) { roots.insert(owner) } else { roots.remove(owner) }
        let isRoot = roots.contains(owner)
        let onlyAdds =
            (isRoot || !wasRoot)
            && (previous?.maintainers ?? []).allSatisfy(Set(announcement.maintainers).contains)
        guard onlyAdds else { return recompute() }
        if isRoot { return extend(from: [owner]) }
        return authorised.contains(owner) ? extend(from: announcement.maintainers) : AuthorityChange()
    }

    /// Forgets an owner's announcement, unless the one that is here has another id.
    public mutating func remove(_ owner: PublicKey, id: EventID) -> AuthorityChange {
        announcements[owner]?.id == id ? forget(owner) : AuthorityChange()
    }

    private mutating func forget(_ owner: PublicKey) -> AuthorityChange {
        guard announcements.removeValue(forKey: owner) != nil else { return AuthorityChange() }
        roots.remove(owner)
        return authorised.contains(owner) ? recompute() : AuthorityChange()
    }

    /// The owner and everybody who may act for them; empty when the owner has announced nothing.
    ///
    /// - Complexity: linear in the keys and listings that are reached.
    public func recursiveMaintainers(of owner: PublicKey) -> Set<PublicKey> {
        guard announcements[owner] != nil else { return [] }
        var reached: Set<PublicKey> = []
        reach(from: [owner], into: &reached) { _ in }
        return reached
    }

    private mutating func extend(from keys: [PublicKey]) -> AuthorityChange {
        var change = AuthorityChange()
        // An owner who was authorised as a leaf until now has maintainers to follow.
        let next = keys.flatMap { key in
            authorised.contains(key) ? announcements[key]?.maintainers ?? [] : [key]
        }
        // Taken out, so that it grows where it lies.
        var reached = authorised
        authorised = []
        reach(from: next, into: &reached) { change.gained.append($0) }
        authorised = reached
        return change
    }

    private mutating func recompute() -> AuthorityChange {
        let before = authorised
        var reached: Set<PublicKey> = []
        reach(from: Array(roots), into: &reached) { _ in }
        authorised = reached
        return AuthorityChange(
            gained: Array(reached.subtracting(before)), lost: Array(before.subtracting(reached)))
    }

    /// Depth first along maintainers; each key once.
    private func reach(
        from keys: [PublicKey], into reached: inout Set<PublicKey>, whenNew: (PublicKey) -> Void
    ) {
        var waiting = keys
        while let key = waiting.popLast() {
            guard reached.insert(key).inserted else { continue }
            whenNew(key)
            waiting.append(contentsOf: announcements[key]?.maintainers ?? [])
        }
    }
}
