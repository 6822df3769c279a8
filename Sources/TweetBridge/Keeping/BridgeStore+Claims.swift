// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
public import TweetCore

extension BridgeStore {
    /// The key that an account has proved.
    public func claim(of id: UserID) throws(BridgeStoreError) -> ClaimRow? { try read(.claim(id)) }

    /// In the order of the accounts, those behind `after`.
    public func claims(after: UserID? = nil, limit: Int = 1_000) throws(BridgeStoreError) -> [ClaimRow] {
        try values(
            BridgeTables.people, RowKey("c"), after: after.map { RowPlace.claim($0).key }, limit: limit,
            as: ClaimRow.self)
    }

    /// Keeps what was proved, and ends the mirror if that is wanted. An account that was never mirrored is kept as one whose
    /// posts get no events of ours.
    public func keep(_ claim: ClaimRow, of user: User) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in
            try draft.write(.claim(claim.user), claim)
            let reason: AccountStop
            switch claim.outcome {
            case .mirror: return
            case .stop: reason = .claimed
            case .handOver: reason = .handedOver
            }
            if try draft.read(.account(user.id)) == nil {
                try draft.write(
                    .account(user.id), AccountRow(id: user.id, handle: user.handle, addedAt: draft.now))
            }
            _ = try draft.stop(user.id, because: reason)
        }
        tell(.accounts)
    }

    /// Nobody has proved anything any more. A mirror that ended stays ended.
    ///
    /// - Returns: whether there was a claim.
    public func forgetClaim(of id: UserID) async throws(BridgeStoreError) -> Bool {
        try await change { draft throws(BridgeStoreError) in
            guard try draft.read(.claim(id)) != nil else { return false }
            try draft.remove(.claim(id))
            return true
        }
    }

    /// What stored events claim about who has a handle (NIP-39), the newest first; nobody has looked whether it is true.
    func claims(about handle: Handle, limit: Int) throws(BridgeStoreError) -> [IdentityClaim] {
        let names = Set(["twitter:\(handle.text)", "twitter:\(handle.folded)"]).map { TagValue($0) }
        let filter = Filter(kinds: [.metadata, .identities], tags: ["i": names], limit: limit)
        let moment = Timestamp(max(0, now() / 1_000))
        let events = try readingStore { () throws(StoreError) in
            try store.events(matching: [filter], now: moment)
        }
        var found: [IdentityClaim] = []
        for claim in events.flatMap(IdentityClaim.claims)
        where claim.handle == handle && !found.contains(claim) && found.count < limit {
            found.append(claim)
        }
        return found
    }
}
