// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetBridge
import TweetCore

extension BridgeHouse {
    /// Takes what a user has given for tokens, and finds out who they are.
    ///
    /// - Parameter words: `code`, a code, its verifier and its redirect; or `refresh` and a token.
    /// - Returns: lines for the operator.
    func signIn(_ words: [String]) async throws -> [String] {
        guard let tokens = links.tokens else {
            throw CommandFailure("bridge.oauth_client_file is empty: there is no client to ask with")
        }
        let grant: TokenGrant
        switch words.first {
        case "code" where words.count == 4:
            grant = .code(Secret(words[1]), verifier: Secret(words[2]), redirect: words[3])
        case "refresh" where words.count == 2: grant = .refresh(Secret(words[1]))
        default: throw CommandFailure("a code or a refresh token is needed")
        }
        let pair: TokenPair
        do { pair = try await tokens.begin(with: grant) } catch {
            throw CommandFailure("no tokens: \(error.outboundReason)")
        }
        // Whoever they were before may have been refused.
        await client.resume(tokens.asker)
        try await store.noteConsent(of: nil)
        try await store.hasten(OutboundQueue.name)
        var lines: [String] = []
        if pair.refresh == nil {
            lines.append("these tokens cannot be renewed: the scope offline.access is missing")
        }
        do {
            guard let user = try await client.ask(.me, for: .references).users.first else {
                throw XFailure.transient("no account in the answer")
            }
            try await store.noteConsent(of: user.id)
            lines.append("X is asked in the name of @\(user.handle) (\(user.id)) where that is needed")
        } catch let failure as XFailure {
            lines.append("the tokens are kept; whose they are could not be asked: \(failure.outboundReason)")
        }
        return lines
    }
}
