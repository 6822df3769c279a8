// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// One at a time for each hash: a file and what is kept of it change together.
actor HashTurns {
    private var waiting: [Bytes32: [CheckedContinuation<Void, Never>]] = [:]

    func begin(_ hash: Bytes32) async {
        if waiting[hash] == nil {
            waiting[hash] = []
            return
        }
        await withCheckedContinuation { waiting[hash, default: []].append($0) }
    }

    func end(_ hash: Bytes32) {
        guard var others = waiting[hash], !others.isEmpty else {
            waiting[hash] = nil
            return
        }
        let next = others.removeFirst()
        waiting[hash] = others
        next.resume()
    }
}

extension BlobFiles {
    /// Runs `work` while nobody else changes the blob of this hash.
    func alone<Value, Failure: Error>(
        with hash: Bytes32, _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        await turns.begin(hash)
        let result: Result<Value, Failure>
        do throws(Failure) { result = .success(try await work()) } catch { result = .failure(error) }
        await turns.end(hash)
        return try result.get()
    }
}
