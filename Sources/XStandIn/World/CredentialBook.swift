// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Who asks.
public enum XCredential: Hashable, Sendable {
    /// The app itself: public things only.
    case app
    case user(XUserID, scopes: Set<String>)

    /// What rate budgets go by, and the log shows.
    var name: String {
        switch self {
        case .app: "app"
        case .user(let id, _): "user:\(id)"
        }
    }

    var user: XUserID? {
        switch self {
        case .app: nil
        case .user(let id, _): id
        }
    }
}

/// The two tokens of OAuth 2.
public struct XTokens: Hashable, Sendable {
    public let access: String
    /// Nil without the scope `offline.access`.
    public let refresh: String?
    public let expiresAt: XInstant
}

/// Clients, consents and tokens of OAuth 2.
struct CredentialBook: Sendable {
    static let accountID = "1600000000000000099"
    static let appID = "29999999"
    /// The token of the app itself; it never ends.
    static let appToken = "standin-app-token"
    /// A client that has a secret, and one that has none.
    static let confidentialClient = "standin-client"
    static let clientSecret = "standin-secret"
    static let publicClient = "standin-public"

    /// One consent: all tokens that come of it end together.
    struct Family: Hashable, Sendable {
        var user: XUserID
        var scopes: Set<String>
        var client: String
        var isAlive = true
    }

    struct Token: Hashable, Sendable {
        var family: Int
        var expiresAt: XInstant
        var isSpent = false
    }

    struct Code: Hashable, Sendable {
        var user: XUserID
        var scopes: Set<String>
        var client: String
        var redirect: String
        var challenge: String
        var isHashed: Bool
        var expiresAt: XInstant
    }

    var appTokens: Set<String> = []
    /// Client → secret; a public client has none.
    var clients: [String: String?] = [:]
    var families: [Int: Family] = [:]
    var familyCount = 0
    var access = Bounded<String, Token>()
    var refresh = Bounded<String, Token>()
    var codes = Bounded<String, Code>()

    mutating func addStanding(at now: XInstant) {
        appTokens = [Self.appToken]
        clients = [Self.confidentialClient: Self.clientSecret, Self.publicClient: nil]
    }
}

extension XWorld {
    /// The token of the app that every world begins with.
    public static var appToken: String { CredentialBook.appToken }
    /// The OAuth clients every world begins with: one with a secret, one without.
    public static var confidentialClient: (id: String, secret: String) {
        (CredentialBook.confidentialClient, CredentialBook.clientSecret)
    }
    public static var publicClient: String { CredentialBook.publicClient }

    /// What self-serve bridges ask for.
    public static let usualScopes: Set<String> = ["tweet.read", "users.read", "offline.access"]

    /// Makes tokens as if a user had given consent.
    public mutating func grant(
        _ user: XUserID, scopes: Set<String> = XWorld.usualScopes,
        client: String = XWorld.confidentialClient.id
    ) throws(XRefusal) -> XTokens {
        guard users[user] != nil else { throw .noSuchUser }
        credentials.familyCount += 1
        let family = credentials.familyCount
        credentials.families[family] = .init(user: user, scopes: scopes, client: client)
        if credentials.families.count > limits.tokens { credentials.families[family - limits.tokens] = nil }
        return issue(family)
    }

    /// Ends all tokens of a user.
    public mutating func revokeTokens(of user: XUserID) {
        for (number, family) in credentials.families where family.user == user {
            credentials.families[number]?.isAlive = false
        }
    }

    /// Makes all access tokens end now; refresh tokens stay good.
    public mutating func expireAccessTokens() {
        for token in credentials.access.all.keys { credentials.access.update(token) { $0.expiresAt = now } }
    }

    /// Takes another token of the app, or none.
    public mutating func setAppTokens(_ tokens: Set<String>) { credentials.appTokens = tokens }

    mutating func issue(_ number: Int) -> XTokens {
        let access = chance.word(60)
        let ends = now + settings.accessTokenLife
        credentials.access.set(access, .init(family: number, expiresAt: ends), bound: limits.tokens)
        guard credentials.families[number]?.scopes.contains("offline.access") == true else {
            return XTokens(access: access, refresh: nil, expiresAt: ends)
        }
        let refresh = chance.word(60)
        credentials.refresh.set(
            refresh, .init(family: number, expiresAt: now + settings.refreshTokenLife), bound: limits.tokens)
        return XTokens(access: access, refresh: refresh, expiresAt: ends)
    }

    /// Who a bearer token belongs to now.
    func credential(of token: some StringProtocol) -> XCredential? {
        let token = String(token)
        if credentials.appTokens.contains(token) { return .app }
        guard let known = credentials.access[token], known.expiresAt > now,
            let family = credentials.families[known.family], family.isAlive
        else { return nil }
        return .user(family.user, scopes: family.scopes)
    }
}
