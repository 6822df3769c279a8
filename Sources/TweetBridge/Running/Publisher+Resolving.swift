// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

// What a post refers to, as far as it is mirrored.
extension Publisher {
    func resolution(for snapshot: Snapshot) async throws(BridgeStoreError) -> Resolution {
        let needs = ConversionNeeds(of: snapshot)
        var resolution = Resolution()
        for id in needs.posts {
            if let event = try event(of: id) { resolution.events[id] = event }
        }
        for id in needs.users {
            // Whoever has proved a key of their own is meant by it, mirrored or not.
            if let own = try store.claim(of: id)?.key {
                resolution.keys[id] = own
            } else if try store.account(id)?.isActive == true {
                resolution.keys[id] = try await keys.publicKey(of: id)
            }
        }
        if let author = snapshot.post.author, resolution.keys[author] == nil {
            resolution.keys[author] = try await keys.publicKey(of: author)
        }
        for key in needs.media {
            let copies = try media.copies(of: key)
            if !copies.isEmpty { resolution.copies[key] = copies }
        }
        return resolution
    }

    /// The event that stands for a post, whichever of its versions is named.
    private func event(of id: PostID) throws(BridgeStoreError) -> MirroredEvent? {
        guard let newest = try store.standing(versionsOf: id).last?.event else { return nil }
        return try store.signed(newest.id).map { MirroredEvent($0, relay: "") } ?? newest
    }
}
