// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

/// Sees to it that one at a time takes back what an account's mirror has published; who comes meanwhile gets the same
/// answer.
actor ErasingTurns {
    private var underWay: [UserID: Task<Result<Int, BridgeStoreError>, Never>] = [:]

    func run(
        _ user: UserID, _ work: @escaping @Sendable () async -> Result<Int, BridgeStoreError>
    ) async throws(BridgeStoreError) -> Int {
        if let task = underWay[user] { return try await task.value.get() }
        let task = Task { await work() }
        underWay[user] = task
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        underWay[user] = nil
        return try result.get()
    }
}
