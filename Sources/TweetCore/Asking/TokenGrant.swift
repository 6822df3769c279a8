// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What X gives tokens for (`POST /2/oauth2/token`).
public enum TokenGrant: Hashable, Sendable {
    /// A consent that was just given: good once, for 30 seconds.
    case code(Secret, verifier: Secret, redirect: String)
    /// Good once.
    case refresh(Secret)

    /// The body of the request (RFC 6749 §4.1.3 and §6, RFC 7636 §4.5).
    ///
    /// - Parameter client: the client's id, where it has no secret.
    public func form(client: String?) -> [UInt8] {
        var fields: [(String, String)]
        switch self {
        case .code(let code, let verifier, let redirect):
            fields = [
                ("grant_type", "authorization_code"), ("code", code.revealed), ("redirect_uri", redirect),
                ("code_verifier", verifier.revealed),
            ]
        case .refresh(let token):
            fields = [("grant_type", "refresh_token"), ("refresh_token", token.revealed)]
        }
        if let client { fields.append(("client_id", client)) }
        return Array(fields.map { "\($0.0)=\(XRequest.escaped($0.1))" }.joined(separator: "&").utf8)
    }
}
