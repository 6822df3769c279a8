// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import TweetCore

/// Told what a bridge does: it must only count and log.
public protocol BridgeObserver: Sendable {
    /// Posts were kept: so many of them new.
    func kept(_ posts: Int, new: Int, of scope: FetchScope?)
    /// A post has its event.
    func mirrored(_ post: PostID, _ event: EventID, kind: Kind)
    /// A post has none, and why.
    func leftOut(_ post: PostID, _ reason: String)
    /// In a dry run, this would have been done.
    func rehearsed(_ post: PostID, _ act: Rehearsal)
    /// Events were taken back.
    func tookBack(_ post: PostID, _ reason: DeletionReason)
    /// A poll ended: what it was about, and what was wrong.
    func polled(_ account: UserID?, failures: Int64, _ failure: XFailure?)
    /// Nothing of some kind is asked until then. **Milliseconds** since 1970.
    func paused(until: Int64, _ failure: XFailure)
    func unreadable(_ account: UserID, _ absence: Absence)
    /// An account waits for another bridge that looks after it, or has been taken over from one.
    func leased(_ account: UserID, isOurs: Bool)
    func lost(_ scope: FetchScope, _ gap: PostGap)
    func profilePublished(_ account: UserID)
    /// Files of media were fetched, or not.
    func fetchedMedia(_ round: MediaDownloader.Round)
    /// Files of media were removed.
    func tidied(_ round: BlobTidying.Round)
    /// Everything that a mirror has published is being taken back, and why.
    func erasing(_ account: UserID, _ reason: DeletionReason)
    /// So many of its events were taken back, and none stands any more.
    func erased(_ account: UserID, _ events: Int, _ reason: DeletionReason)
    /// An account can be read again.
    func readable(_ account: UserID)
    /// The configuration names an account that is not mirrored, and why.
    func leftAlone(_ handle: Handle, _ reason: String)
    /// Something of our own could not be done, and is tried again.
    func failed(_ what: String, _ error: String)
    /// Something that is not in our hands could not be done, and is tried again.
    func hindered(_ what: String, _ reason: String)
    /// Whose polls are due from now on.
    func watching(_ accounts: Set<UserID>)
}

// For who does not care about these.
extension BridgeObserver {
    public func fetchedMedia(_ round: MediaDownloader.Round) {}
    public func tidied(_ round: BlobTidying.Round) {}
    public func erasing(_ account: UserID, _ reason: DeletionReason) {}
    public func erased(_ account: UserID, _ events: Int, _ reason: DeletionReason) {}
    public func readable(_ account: UserID) {}
    public func leftAlone(_ handle: Handle, _ reason: String) {}
    public func hindered(_ what: String, _ reason: String) { failed(what, reason) }
    public func watching(_ accounts: Set<UserID>) {}
}

/// What a dry run leaves undone.
public enum Rehearsal: String, Hashable, Sendable, CaseIterable {
    case mirror
    case takeBack = "take_back"
}
