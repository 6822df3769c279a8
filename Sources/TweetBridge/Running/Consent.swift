// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

/// Whose posts may be shown: asks what was read of people last, and the operator's list.
struct Consent: Sendable {
    let store: BridgeStore
    let refusals: Refusals

    /// Why a post becomes no event; `nil` when it may.
    func refusal(of snapshot: Snapshot) throws(BridgeStoreError) -> String? {
        guard let author = snapshot.post.author else { return nil }
        if let account = try store.account(author), !account.isActive {
            return account.disabledBecause ?? "its account is not active"
        }
        if let reason = try silence(of: author, snapshot.author) { return reason }
        // A repost is the words of whom it reposts.
        guard let reposted = snapshot.referenced(.retweeted), let other = reposted.post.author,
            let reason = try silence(of: other, reposted.author)
        else { return nil }
        return "it reposts somebody: \(reason)"
    }

    /// The post without what it shows of people who are not to be shown.
    func told(_ snapshot: Snapshot) throws(BridgeStoreError) -> Snapshot {
        var silent: Set<UserID> = []
        try gather(snapshot, into: &silent, depth: 0)
        return silent.isEmpty ? snapshot : snapshot.without { $0.post.author.map(silent.contains) ?? false }
    }

    /// Why nothing of a person is shown; `nil` when it may be.
    func silence(of id: UserID, _ seen: User?) throws(BridgeStoreError) -> String? {
        let known = try store.user(id)?.user
        if refusals.denies(id, handle: (known ?? seen)?.handle) { return AccountStop.denied.text }
        let declines = known?.declinesMirrors ?? seen?.declinesMirrors ?? false
        return declines ? AccountStop.declined.text : nil
    }

    private func gather(
        _ snapshot: Snapshot, into silent: inout Set<UserID>, depth: Int
    ) throws(BridgeStoreError) {
        guard depth < 4 else { return }
        for other in snapshot.referenced {
            if let author = other.post.author, try silence(of: author, other.author) != nil {
                silent.insert(author)
            }
            try gather(other, into: &silent, depth: depth + 1)
        }
    }
}
