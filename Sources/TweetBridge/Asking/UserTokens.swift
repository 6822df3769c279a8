// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
public import TweetCore

/// A user's tokens: one renewal at a time, and nothing new is used before it is on disk.
///
/// A refresh token is good once. To send a spent one again may end all tokens of the user's consent, so the store is read before
/// each renewal and after each refusal: another process may have been first.
public actor UserTokens: TokenSource {
    public nonisolated let asker: Asker
    public nonisolated var owner: UserID? { whose() }
    private nonisolated let whose: @Sendable () -> UserID?
    private let client: OAuthClient
    private let keeper: any TokenKeeping
    private let transport: XTransport
    private let clock: BridgeClock
    private var current: TokenPair?
    /// Came from X, and could not be saved yet. The pair before it is spent.
    private var unsaved: TokenPair?
    private var renewal: Task<TokenPair, any Error>?

    /// - Parameter owner: whose tokens they are, once that is known.
    public init(
        name: String, owner: @escaping @Sendable () -> UserID?, client: OAuthClient,
        keeper: any TokenKeeping, transport: XTransport, clock: BridgeClock
    ) {
        asker = Asker(.user, name: name)
        whose = owner
        self.client = client
        self.keeper = keeper
        self.transport = transport
        self.clock = clock
    }

    public func token() async throws(XFailure) -> Secret {
        if current == nil, unsaved == nil, renewal == nil {
            let stored = try await load()
            // Somebody may have been here while the store was read.
            if current == nil { current = stored }
        }
        if let current, unsaved == nil, !current.isDue(at: clock.now()) { return current.access }
        do throws(XFailure) { return try await renewed().access } catch {
            // X is away: what is left of the old token's life is good.
            if case .transient = error, let current, unsaved == nil, clock.now() < current.expiresAt {
                return current.access
            }
            throw error
        }
    }

    public func token(insteadOf refused: Secret) async throws(XFailure) -> Secret {
        if let current, unsaved == nil, current.access != refused { return current.access }
        return try await renewed().access
    }

    /// Begins anew with what a user, or an operator who brings tokens along, has given.
    ///
    /// - Returns: the pair, on disk; whatever was kept before is forgotten.
    /// - Throws: ``XFailure/unauthorized(_:)`` when X does not take it.
    @discardableResult
    public func begin(with grant: TokenGrant) async throws(XFailure) -> TokenPair {
        // What is under way would end after this, with older tokens.
        while let under = renewal {
            _ = await under.result
            if renewal == under { renewal = nil }
        }
        let task = Task { try await redeem(grant) }
        renewal = task
        defer { if renewal == task { renewal = nil } }
        do { return try await task.value } catch { throw XTransport.failure(error) }
    }

    private func redeem(_ grant: TokenGrant) async throws(XFailure) -> TokenPair {
        let before = try await newest()
        let reply = try await ask(grant)
        switch reply.status {
        case 200..<300: break
        case 400, 401:
            throw .unauthorized("X does not take it: it is too old, was used, or is another client's")
        default:
            throw reply.failure(at: clock.now(), problems: []) ?? .transient("no answer that can be read")
        }
        guard var pair = try? TokenPair(reading: reply.body, after: nil, at: clock.now()) else {
            throw .transient("the answer of the token server cannot be read")
        }
        pair.rotation = max(before?.rotation ?? 0, unsaved?.rotation ?? 0) + 1
        return try await save(pair)
    }

    /// Joins the renewal under way, or begins one.
    private func renewed() async throws(XFailure) -> TokenPair {
        let task = renewal ?? Task { try await renew() }
        renewal = task
        defer { if renewal == task { renewal = nil } }
        do { return try await task.value } catch { throw XTransport.failure(error) }
    }

    private func renew() async throws(XFailure) -> TokenPair {
        if let unsaved { return try await save(unsaved) }
        let spent = try await newest()
        guard let spent else { throw .unauthorized("there are no tokens of this user") }
        // Another process was first.
        if let current, spent.rotation > current.rotation, !spent.isDue(at: clock.now()) {
            return adopt(spent)
        }
        guard let refresh = spent.refresh else { throw .unauthorized("the tokens cannot be renewed") }
        let reply = try await ask(.refresh(refresh))
        switch reply.status {
        case 200..<300:
            guard let pair = try? TokenPair(reading: reply.body, after: spent, at: clock.now()) else {
                throw .transient("the answer of the token server cannot be read")
            }
            return try await save(pair)
        case 400, 401:
            // Spent already? Then whoever spent it has saved what came of it.
            if let stored = try await load(), stored.rotation > spent.rotation { return adopt(stored) }
            throw .unauthorized("the refresh token is refused")
        case 429: throw reply.failure(at: clock.now(), problems: []) ?? .transient("too many renewals")
        default: throw .transient("the token server answers \(reply.status)")
        }
    }

    private func ask(_ grant: TokenGrant) async throws(XFailure) -> XReply {
        let request = XRequest(
            .post, .token, "/2/oauth2/token",
            body: grant.form(client: client.secret == nil ? client.id : nil))
        do {
            return try await transport.send(
                request, authorization: basic, contentType: "application/x-www-form-urlencoded")
        } catch { throw error.failure }
    }

    private func newest() async throws(XFailure) -> TokenPair? {
        let stored = try await load()
        guard let current, let stored else { return stored ?? current }
        return stored.rotation > current.rotation ? stored : current
    }

    private func adopt(_ pair: TokenPair) -> TokenPair {
        current = pair
        return pair
    }

    private func save(_ pair: TokenPair) async throws(XFailure) -> TokenPair {
        unsaved = pair
        do { try await keeper.save(pair, asker.name) } catch {
            // Somebody has begun anew meanwhile: what they keep is good, and this is not.
            if let stored = try await load(), stored.rotation >= pair.rotation, stored != pair {
                unsaved = nil
                return adopt(stored)
            }
            throw .transient("the new tokens cannot be saved")
        }
        unsaved = nil
        return adopt(pair)
    }

    private func load() async throws(XFailure) -> TokenPair? {
        do { return try await keeper.load(asker.name) } catch {
            throw .transient("the tokens cannot be read")
        }
    }

    /// RFC 6749 §2.3.1.
    private var basic: Secret? {
        guard let secret = client.secret else { return nil }
        let pair = "\(XRequest.escaped(client.id)):\(XRequest.escaped(secret.revealed))"
        return Secret("Basic " + Data(pair.utf8).base64EncodedString())
    }
}
