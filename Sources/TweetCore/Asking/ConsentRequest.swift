// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// A user's consent on its way: asked for at an address of X, and answered at an address of ours (RFC 6749 §4.1, RFC 7636).
public struct ConsentRequest: Hashable, Sendable {
    public let client: String
    /// Where X sends the browser: as it is registered with the client.
    public let redirect: String
    public let scopes: [String]
    /// Comes back with the answer: nobody else's answer is taken for it.
    let state: String
    /// Known to whoever began alone: without it the code is worth nothing.
    let verifier: Secret

    /// **Bytes** of chance that it takes.
    public static let chanceBytes = 48

    /// - Parameter chance: ``chanceBytes`` bytes that nobody can guess.
    public init(client: String, redirect: String, scopes: [String], chance: [UInt8]) {
        precondition(chance.count >= Self.chanceBytes, "a consent begins with 48 bytes of chance")
        self.client = client
        self.redirect = redirect
        self.scopes = scopes
        state = Base64.url.encoded(chance[..<16])
        verifier = Secret(Base64.url.encoded(chance[16..<Self.chanceBytes]))
    }

    /// What a bridge asks for: to read, to be renewed, and to post where that is allowed.
    public static func scopes(mayWrite: Bool) -> [String] {
        ["tweet.read", "users.read", "offline.access"] + (mayWrite ? ["tweet.write"] : [])
    }

    /// What is opened in a browser.
    ///
    /// - Parameter base: of X's pages for people, without a slash at its end: `https://x.com`.
    public func address(at base: String) -> String {
        let challenge = Base64.url.encoded(SHA256.digest(Array(verifier.revealed.utf8)).bytes)
        let query = [
            ("response_type", "code"), ("client_id", client), ("redirect_uri", redirect),
            ("scope", scopes.joined(separator: " ")), ("state", state), ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ]
        return "\(base)/i/oauth2/authorize?"
            + query.map { "\($0.0)=\(XRequest.escaped($0.1))" }.joined(separator: "&")
    }

    /// What is wrong with an answer; nothing of it is repeated.
    public enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        /// The user, or X, has said no.
        case denied
        case otherState
        case noCode

        public var description: String {
            switch self {
            case .denied: "consent was not given"
            case .otherState: "this is the answer to another question: begin again"
            case .noCode: "there is no code in it: paste the whole address, with ?state=…&code=… at its end"
            }
        }
    }

    /// Reads the address to which X has sent the browser.
    public func grant(in answer: String) throws(Refusal) -> TokenGrant {
        guard answer.utf8.count <= 8_192, let mark = answer.firstIndex(of: "?") else { throw .noCode }
        var found: [Substring: String] = [:]
        for item in answer[answer.index(after: mark)...].prefix(while: { $0 != "#" }).split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let value = XRequest.unescaped(parts[1]) else { continue }
            found[parts[0]] = found[parts[0]] ?? value
        }
        guard found["error"] == nil else { throw .denied }
        guard let code = found["code"], !code.isEmpty else { throw .noCode }
        guard found["state"] == state else { throw .otherState }
        return .code(Secret(code), verifier: verifier, redirect: redirect)
    }
}
