// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Negentropy
import NostrCore

// What is here of a filter, to be reconciled (NIP-77).
extension StoreReader {
    /// Everything that a filter matches, and what else counts as here.
    ///
    /// - Parameter isWanted: asked after each page.
    /// - Returns: `nil` when there is more than ``SyncEngineLimits/itemsPerSet``, or it is not wanted any more.
    func set(
        of filter: Filter, adding added: [NegentropyItem], at now: Timestamp, while isWanted: () -> Bool
    ) async throws -> StoredSet? {
        var reading = StoredSetReading(filter, adding: added, now: now, most: limits.itemsPerSet)
        while true {
            let before = reading
            let (after, end) = try await attempt { () throws -> (StoredSetReading, StoredSetReading.End?) in
                let budget = PageBudget(maxEvents: limits.itemsPerSetPage, maxBytes: .max)
                var reading = before
                let end = try reading.readPage(of: store, budget: budget)
                return (reading, end)
            }
            reading = after
            switch end {
            case .set(let set): return set
            case .tooMany: return nil
            case nil: if !isWanted() { return nil }
            }
        }
    }

    func begin(
        _ client: NegentropyClient, with set: StoredSet
    ) async throws -> Result<[UInt8], SetFault> {
        try await attempt {
            try Self.fault { () throws(ReconciliationError<StoreError>) in
                try set.begin(client, from: store)
            }
        }
    }

    func take(
        _ message: [UInt8], by client: NegentropyClient, with set: StoredSet
    ) async throws -> (NegentropyClient, Result<NegentropyClient.Step, SetFault>) {
        try await attempt {
            var after = client
            let result = try Self.fault { () throws(ReconciliationError<StoreError>) in
                try set.take(message, by: &after, from: store)
            }
            return (after, result)
        }
    }

    /// A fault of the message is an answer, and so is a set that has gone; one of the store is tried again.
    private static func fault<Value>(
        _ body: () throws(ReconciliationError<StoreError>) -> Value
    ) throws -> Result<Value, SetFault> {
        do throws(ReconciliationError<StoreError>) {
            return .success(try body())
        } catch {
            switch error {
            case .message(let fault): return .failure(.message(fault))
            // To wait for it would keep all others from theirs.
            case .storage(.changed): return .failure(.changed)
            case .storage(let fault): throw fault
            }
        }
    }
}

/// Why a message of a reconciliation could not be taken, or made.
enum SetFault: Error {
    case message(NegentropyError)
    /// The set has to be gathered anew.
    case changed
}
