// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// OAuth 2.0 with PKCE (RFC 6749, RFC 7636): consent, tokens, and their end.
    mutating func authorize(_ call: inout Call) -> XReply {
        let route = "\(call.request.method) \(call.path)"
        guard Self.oauthRoutes.contains(route) else { return Problem.plain(404, "Not Found").reply }
        call.route = route
        switch call.path {
        case "/2/oauth2/token": return token(call)
        case "/2/oauth2/revoke": return revoke(call)
        default: return consent(call)
        }
    }

    private static let oauthRoutes = [
        "GET /i/oauth2/authorize", "POST /2/oauth2/token", "POST /2/oauth2/revoke",
    ]

    /// Nobody is asked here: the account named by `login_hint`, or else the first, gives its consent at once.
    private mutating func consent(_ call: Call) -> XReply {
        let user =
            call.value("login_hint").flatMap { self.user(named: $0) } ?? users.values.min { $0.id < $1.id }
        guard let user, call.value("response_type") == "code", let client = call.value("client_id"),
            credentials.clients[client] != nil, let redirect = call.value("redirect_uri"), !redirect.isEmpty,
            let challenge = call.value("code_challenge"), !challenge.isEmpty,
            let state = call.value("state"), (1...500).contains(state.utf8.count)
        else {
            return Self.failure("invalid_request", "Value passed for the authorization request was invalid.")
        }
        let code = chance.word(40)
        credentials.codes.set(
            code,
            .init(
                user: user.id,
                scopes: Set((call.value("scope") ?? "").split(separator: " ").map(String.init)),
                client: client, redirect: redirect, challenge: challenge,
                isHashed: call.value("code_challenge_method") == "S256", expiresAt: now + .seconds(30)),
            bound: limits.tokens)
        var reply = XReply(302, body: [], contentType: nil)
        let mark = redirect.contains("?") ? "&" : "?"
        reply[header: "location"] = "\(redirect)\(mark)state=\(Escapes.escape(state))&code=\(code)"
        return reply
    }

    private mutating func token(_ call: Call) -> XReply {
        let form = Self.form(call)
        guard let client = client(of: call, form) else {
            return Self.failure("unauthorized_client", "Missing valid authorization header", status: 401)
        }
        switch form["grant_type"] {
        case "authorization_code": return exchange(form, client)
        case "refresh_token": return refresh(form, client)
        default: return Self.failure("unsupported_grant_type", "The grant type is not supported.")
        }
    }

    private mutating func exchange(_ form: [String: String], _ client: String) -> XReply {
        guard let text = form["code"], let code = credentials.codes[text], code.expiresAt > now,
            code.client == client, form["redirect_uri"] == code.redirect,
            let verifier = form["code_verifier"],
            (code.isHashed ? Base64.url(SHA256.digest(Array(verifier.utf8))) : verifier) == code.challenge
        else {
            return Self.failure("invalid_request", "Value passed for the authorization code was invalid.")
        }
        credentials.codes.update(text) { $0.expiresAt = now }
        guard let tokens = try? grant(code.user, scopes: code.scopes, client: client) else {
            return Self.failure("invalid_grant", "Value passed for the token was invalid.")
        }
        return Self.reply(tokens, scopes: code.scopes, life: settings.accessTokenLife)
    }

    /// A refresh token is good once. Whoever sends a spent one has a copy, so the whole family ends.
    private mutating func refresh(_ form: [String: String], _ client: String) -> XReply {
        let refusal = Self.failure("invalid_request", "Value passed for the token was invalid.")
        guard let text = form["refresh_token"], let token = credentials.refresh[text],
            let family = credentials.families[token.family], family.client == client
        else { return refusal }
        if token.isSpent {
            if settings.killsFamilies { credentials.families[token.family]?.isAlive = false }
            return refusal
        }
        guard family.isAlive, token.expiresAt > now else { return refusal }
        credentials.refresh.update(text) { $0.isSpent = true }
        return Self.reply(issue(token.family), scopes: family.scopes, life: settings.accessTokenLife)
    }

    private mutating func revoke(_ call: Call) -> XReply {
        let form = Self.form(call)
        guard client(of: call, form) != nil else {
            return Self.failure("unauthorized_client", "Missing valid authorization header", status: 401)
        }
        guard let token = form["token"] else {
            return Self.failure("invalid_request", "Missing required parameter [token].")
        }
        credentials.access.update(token) { $0.expiresAt = now }
        if let known = credentials.refresh[token] { credentials.families[known.family]?.isAlive = false }
        return XReply(200, ["revoked": true])
    }

    /// A client with a secret shows it by Basic authentication; one without names itself in the form.
    private func client(of call: Call, _ form: [String: String]) -> String? {
        if let header = call.request.headers["authorization"], header.hasPrefix("Basic "),
            let bytes = Base64.bytes(header.dropFirst(6))
        {
            let parts = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1).map {
                Escapes.resolve($0, plusIsSpace: false)
            }
            guard parts.count == 2, let secret = credentials.clients[parts[0]], secret == parts[1] else {
                return nil
            }
            return parts[0]
        }
        guard let id = form["client_id"], let secret = credentials.clients[id], secret == nil else {
            return nil
        }
        return id
    }

    private static func form(_ call: Call) -> [String: String] {
        let pairs = Escapes.form(String(decoding: call.request.body, as: UTF8.self))
        return Dictionary(pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    private static func failure(_ error: String, _ description: String, status: Int = 400) -> XReply {
        XReply(status, ["error": .text(error), "error_description": .text(description)])
    }

    private static func reply(_ tokens: XTokens, scopes: Set<String>, life: Duration) -> XReply {
        var json = ObjectBuilder()
        json["token_type"] = "bearer"
        json["expires_in"] = .number(life.components.seconds)
        json["access_token"] = .text(tokens.access)
        json["scope"] = .text(scopes.sorted().joined(separator: " "))
        json["refresh_token"] = tokens.refresh.map { .text($0) }
        return XReply(200, json.json)
    }
}
