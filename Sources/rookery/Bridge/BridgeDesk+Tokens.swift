// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetBridge
import TweetCore

extension BridgeDesk {
    /// - Parameter words: a moderator, and `revoke` where there is to be no token.
    /// - Returns: the token, which nobody can be shown again: only its hash is kept.
    func giveToken(_ words: [String]) async throws -> [String] {
        guard let name = words.first, var moderator = try store.moderator(name) else {
            throw CommandFailure("no such moderator: \((words.first ?? "").prefix(100))")
        }
        let token = words.last == "revoke" && words.count == 2 ? nil : SignInToken.make()
        moderator.take(token: token)
        try await store.appoint(moderator)
        guard let token else { return ["\(name) has no token any more"] }
        return ["the token of \(name), shown this once:", token]
    }
}
