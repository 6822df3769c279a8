// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import NostrCore
import TweetCore

/// `DELETE /<sha256>` (BUD-12).
extension BlossomClient {
    /// Has a server forget a blob that this key has brought there.
    ///
    /// - Returns: whether that is over: it is gone, or the server does not do it for us; `false`: another time.
    public func delete(_ hash: Bytes32, at server: String, signing key: SecretKey) async -> Bool {
        guard let server = BlossomAddress(server) else { return true }
        let name = Hex.string(hash.bytes)
        let token = BlossomToken.unsigned(
            .delete, [name], servers: [server.domain], author: key.publicKey, at: now(),
            for: 2 * limits.idleSeconds, content: "Delete blob \(name)"
        ).signed(by: key)
        let spelling = manners[server.base]
        for spelling in [spelling, spelling.other] {
            var question = HTTPClientRequest(url: "\(server.base)/\(name)")
            question.method = .DELETE
            question.headers.add(name: "Authorization", value: BlossomToken.header(token, spelling))
            guard let answer = try? await client.execute(question, timeout: .seconds(limits.idleSeconds))
            else {
                return false
            }
            switch answer.status.code {
            case 401: continue
            case 429, 500...: return false
            default: return true
            }
        }
        return true
    }
}
