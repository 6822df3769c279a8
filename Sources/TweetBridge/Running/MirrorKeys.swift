// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import TweetCore

/// The keys of mirrors, each derived once.
final class MirrorKeys: Sendable {
    private let ring: KeyRing
    private let store: BridgeStore
    private let known = NIOLockedValueBox<[UserID: SecretKey]>([:])
    /// Keys kept at hand.
    private static let most = 10_000

    init(_ ring: KeyRing, store: BridgeStore) {
        self.ring = ring
        self.store = store
    }

    var scheme: KeyScheme { ring.scheme }

    /// The key that signs what an account's mirror says.
    ///
    /// - Throws: ``BridgeStoreError/refused(_:)`` when it was handed over: nothing here signs with it any more.
    func key(of user: UserID) async throws(BridgeStoreError) -> SecretKey {
        if try store.isHandedOver(user) { throw .refused(AccountStop.handedOver.text) }
        return try await derived(for: user)
    }

    /// Whose mirror it is, also when nobody here may sign for it.
    func publicKey(of user: UserID) async throws(BridgeStoreError) -> PublicKey {
        try await derived(for: user).publicKey
    }

    /// The key to be handed over, once more where that was done before.
    func keyToHandOver(of user: UserID) async throws(BridgeStoreError) -> SecretKey {
        try await derived(for: user)
    }

    private func derived(for user: UserID) async throws(BridgeStoreError) -> SecretKey {
        if let key = known.withLockedValue({ $0[user] }) { return key }
        let number = ring.scheme == .nip06Index ? try await index(of: user) : nil
        guard let key = ring.key(of: user, index: number) else { throw .refused("no key can be derived") }
        known.withLockedValue { known in
            if known.count >= Self.most { known = [:] }
            known[user] = key
        }
        return key
    }

    /// The number of an account among all that ever had a key: kept, as nothing else tells it.
    private func index(of user: UserID) async throws(BridgeStoreError) -> UInt32 {
        try await store.change { draft throws(BridgeStoreError) in
            let own = RowPlace.remembered(StateKey("key_index:\(user)"))
            if let row = try draft.read(own), let number = UInt32(row.value) { return number }
            let last = RowPlace.remembered(StateKey("key_index"))
            let number = try draft.read(last).flatMap { UInt32($0.value) }.map { $0 + 1 } ?? 0
            try draft.write(own, StateRow(value: "\(number)", updatedAt: draft.now))
            try draft.write(last, StateRow(value: "\(number)", updatedAt: draft.now))
            return number
        }
    }
}
