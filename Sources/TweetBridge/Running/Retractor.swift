// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

/// Takes events back, at exactly the relays that may have them: the outbox knows which.
struct Retractor: Sendable {
    let configuration: BridgeConfiguration
    let store: BridgeStore
    let keys: MirrorKeys
    let clock: BridgeClock
    let observer: any BridgeObserver

    /// A post is not to be had any more.
    func absent(_ id: PostID, _ absence: Absence) async throws(BridgeStoreError) {
        switch absence {
        case .deleted: try await retract(id, because: .deleted)
        case .protected, .suspended, .withheld:
            if try takesBackHidden(id) {
                try await retract(id, because: absence.deletionReason)
            }
        case .unknown: return
        }
        // Not noted in a dry run, so that it is found again when it is none any more.
        if configuration.isDryRun { return }
        try await store.markGone(
            id, absence, recheckAt: absence == .deleted ? nil : clock.now() + 7 * 86_400_000)
    }

    private func takesBackHidden(_ id: PostID) throws(BridgeStoreError) -> Bool {
        if configuration.takesBackHidden { return true }
        guard let author = try store.post(id)?.snapshot.post.author else { return false }
        return try store.account(author)?.policy.hidden == .delete
    }

    /// Takes back the events of all versions of a post.
    func retract(_ id: PostID, because reason: DeletionReason) async throws(BridgeStoreError) {
        let standing = try store.standing(versionsOf: id).map(\.event)
        if configuration.isDryRun, !standing.isEmpty { return observer.rehearsed(id, .takeBack) }
        guard !standing.isEmpty, let user = try store.post(id)?.snapshot.post.author else { return }
        // What an owner does with their key is theirs.
        if try store.isHandedOver(user) { return }
        let key = try await keys.key(of: user)
        let converter = Converter(configuration.conversion)
        let drafts = converter.deletions(
            of: standing, by: key.publicKey, at: Timestamp(max(0, clock.now() / 1_000)), because: reason)
        var publication = Publication([], relays: configuration.relays)
        publication.parts = drafts.compactMap { draft in
            guard case .deletion(let ids) = draft.purpose else { return nil }
            return Publication.Part(draft.event.signed(by: key), .deletion(of: ids))
        }
        if case .published = try await store.publish(publication) { observer.tookBack(id, reason) }
    }
}

extension Absence {
    /// Why what cannot be seen any more is taken back.
    var deletionReason: DeletionReason {
        switch self {
        case .deleted, .unknown: .deleted
        case .suspended: .suspended
        case .protected: .protected
        case .withheld: .withheld
        }
    }
}
