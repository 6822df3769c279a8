// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

/// Files go when nobody needs them.
extension KeptMedia {
    /// Tidies up at the start, and then now and again until it is cancelled.
    ///
    /// - Parameter key: signs for an account.
    func keepTidy(
        key: @escaping @Sendable (UserID) async throws(BridgeStoreError) -> SecretKey,
        observer: any BridgeObserver
    ) async {
        var search = clock.now()
        while !Task.isCancelled {
            let isSearching = clock.now() >= search
            do {
                let round = try await tidy(searching: isSearching, key: key)
                if isSearching { search = clock.now() + limits.searchInterval }
                if round != BlobTidying.Round() { observer.tidied(round) }
            } catch is CancellationError {
                return
            } catch { observer.failed("tidy up media", "\(error)") }
            do { try await clock.sleep(limits.tidyInterval) } catch { return }
        }
    }

    /// - Parameter isSearching: whether files that nothing knows of are looked for, too.
    func tidy(
        searching isSearching: Bool, key: @Sendable (UserID) async throws(BridgeStoreError) -> SecretKey
    ) async throws -> BlobTidying.Round {
        let now = clock.now
        let tidying = BlobTidying(
            files, keeping: BridgeFiles(store), limits: limits, now: { Timestamp(max(0, now() / 1_000)) })
        try await tidying.release()
        try await uploads.takeBack(key: key)
        var round = try await tidying.tidy()
        if isSearching { round.unknown = try await tidying.removeUnknown().unknown }
        return round
    }
}
