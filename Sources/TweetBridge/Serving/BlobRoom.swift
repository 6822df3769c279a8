// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore

/// How much of the room for blobs that were brought is taken, by whom, and promised to uploads under way. What the bridge
/// fetched itself is not in it: ``MediaLimits/maxTotalBytes`` bounds that.
///
/// Counted once at the start and kept since, so that asking costs nothing.
final class BlobRoom: Sendable {
    /// What one key has.
    struct Share: Hashable, Sendable {
        var blobs = 0
        /// **Bytes**.
        var bytes: Int64 = 0
        /// **Bytes** that it is about to have, and in how many blobs.
        var promised: Int64 = 0
        var promises = 0
    }

    private struct State {
        var shares: [PublicKey: Share] = [:]
        var total: Int64 = 0
        var promised: Int64 = 0

        mutating func add(_ bytes: Int64, to owner: PublicKey) {
            shares[owner, default: Share()].blobs += 1
            shares[owner, default: Share()].bytes += bytes
        }
    }

    private let limits: BlossomLimits
    private let state = NIOLockedValueBox(State())

    init(_ limits: BlossomLimits) { self.limits = limits }

    /// Counts what is there.
    func count(_ blob: KeptBlob) {
        guard !blob.owners.isEmpty else { return }
        state.withLockedValue { state in
            state.total += blob.size
            for owner in blob.owners { state.add(blob.size, to: owner) }
        }
    }

    /// Promises room for an upload of at most so many **bytes**; given back by ``release(_:of:)``.
    ///
    /// - Returns: why there is none.
    func promise(_ bytes: Int64, to key: PublicKey) -> Refusal? {
        state.withLockedValue { state in
            var share = state.shares[key] ?? Share()
            guard share.blobs + share.promises < limits.maxBlobsPerKey,
                share.bytes + share.promised + bytes <= limits.maxBytesPerKey
            else { return .ofKey }
            if let most = limits.maxTotalBytes, state.total + state.promised + bytes > most { return .ofAll }
            share.promised += bytes
            share.promises += 1
            state.promised += bytes
            state.shares[key] = share
            return nil
        }
    }

    enum Refusal: Hashable {
        /// The key has as much as one may have.
        case ofKey
        /// There is as much as there may be.
        case ofAll
    }

    func release(_ bytes: Int64, of key: PublicKey) {
        state.withLockedValue { state in
            state.promised -= bytes
            guard var share = state.shares[key] else { return }
            share.promised -= bytes
            share.promises -= 1
            state.shares[key] = share == Share() ? nil : share
        }
    }

    /// A blob has one more owner.
    ///
    /// - Parameter isFirst: whether it had none.
    func gained(_ bytes: Int64, owner: PublicKey, isFirst: Bool) {
        state.withLockedValue { state in
            if isFirst { state.total += bytes }
            state.add(bytes, to: owner)
        }
    }

    /// A blob has one owner less.
    ///
    /// - Parameter isLast: whether it has none any more.
    func lost(_ bytes: Int64, owner: PublicKey, isLast: Bool) {
        state.withLockedValue { state in
            if isLast { state.total -= bytes }
            guard var share = state.shares[owner] else { return }
            share.bytes -= bytes
            share.blobs -= 1
            state.shares[owner] = share == Share() ? nil : share
        }
    }

    func share(of key: PublicKey) -> Share { state.withLockedValue { $0.shares[key] ?? Share() } }
    /// **Bytes** of all blobs that have owners.
    var total: Int64 { state.withLockedValue(\.total) }
}
