// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Negentropy
import NostrCore

/// Our set and the client that reconciles it, in hexadecimal text as NIP-77 writes it.
struct Reconciler {
    let set: StoredSet
    var client: NegentropyClient
    let store: EventStore

    /// What follows from the other side's message; `nil` when that makes no sense.
    ///
    /// - Throws: when our store cannot be read.
    mutating func step(_ text: TagValue) throws(StoreError) -> SyncCourse.Found? {
        guard let bytes = Hex.decode(text.bytes.span, count: text.bytes.count / 2) else { return nil }
        do {
            let step = try set.take(bytes, by: &client, from: store)
            return SyncCourse.Found(
                message: step.message.map { TagValue(Hex.string($0)) }, have: step.have, need: step.need)
        } catch {
            switch error {
            case .message: return nil
            case .storage(let fault): throw fault
            }
        }
    }
}
