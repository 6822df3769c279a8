// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Negentropy
import NostrCore
import RelaySession

/// Our set and the client that reconciles it, in hexadecimal text as NIP-77 writes it.
struct Reconciler {
    private let filter: Filter
    private let store: EventStore
    private let limits: NegentropyLimits
    private var set: StoredSet
    private var client: NegentropyClient

    /// - Parameters:
    ///   - set: what ``gather(_:in:)`` gave.
    ///   - frameBytes: **bytes** of a message of ours.
    init(_ filter: Filter, _ set: StoredSet, in store: EventStore, frameBytes: Int) {
        (self.filter, self.set, self.store) = (filter, set, store)
        limits = NegentropyLimits(frameBytes: frameBytes)
        client = NegentropyClient(limits: limits)
    }

    /// What is here of a filter. Private kinds (NIP-17, NIP-59) are there only when it names them: others do not list
    /// theirs, and ours are not for everybody.
    static func gather(_ filter: Filter, in store: EventStore) throws(StoreError) -> StoredSet {
        var reading = StoredSetReading(filter, scope: scope(of: filter), now: SystemClocks.now(), most: .max)
        while true {
            if case .set(let set) = try reading.readPage(of: store, budget: PageBudget()) { return set }
        }
    }

    /// What of a filter belongs to a set: see ``gather(_:in:)``.
    static func scope(of filter: Filter) -> ReadScope {
        ReadScope(guardedKinds: RelayFeatures.privateKinds.filter { filter.kinds?.contains($0) != true })
    }

    var count: Int { self.set.count }
    /// **Bytes** of memory that the set holds.
    var heldBytes: Int { self.set.heldBytes }

    /// Our first message.
    func first() throws(StoreError) -> TagValue {
        do { return TagValue(Hex.string(try set.begin(client, from: store))) } catch {
            switch error {
            case .message: return ""
            case .storage(let fault): throw fault
            }
        }
    }

    /// What follows from the other side's message. A set that can no longer be told is gathered anew.
    ///
    /// - Throws: when our store cannot be read.
    mutating func step(_ text: TagValue) throws(StoreError) -> SyncCourse.Input {
        let digits = text.bytes
        guard let bytes = Hex.decode(digits.span, count: digits.count / 2, anyCase: true) else {
            return .stepped(nil)
        }
        do {
            let step = try set.take(bytes, by: &client, from: store)
            return .stepped(
                SyncCourse.Found(
                    message: step.message.map { TagValue(Hex.string($0)) }, have: step.have, need: step.need))
        } catch {
            switch error {
            case .message: return .stepped(nil)
            case .storage(.changed):
                set = try Self.gather(filter, in: store)
                client = NegentropyClient(limits: limits)
                return .regathered(try first())
            case .storage(let fault): throw fault
            }
        }
    }
}
