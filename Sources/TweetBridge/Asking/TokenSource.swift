// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
public import TweetCore

/// Where a request's token comes from.
public protocol TokenSource: Sendable {
    var asker: Asker { get }
    /// The account that it belongs to, where it is a user's: what it reads of its own costs less.
    var owner: UserID? { get }
    /// A token that is good, as far as anybody knows.
    func token() async throws(XFailure) -> Secret
    /// Another token, after X refused this one (401).
    ///
    /// - Throws: ``XFailure/unauthorized(_:)`` when there is none.
    func token(insteadOf refused: Secret) async throws(XFailure) -> Secret
}

/// The app's own bearer token: it never ends by itself, and nobody renews it but the operator.
public struct AppToken: TokenSource {
    public let asker: Asker
    public var owner: UserID? { nil }
    private let secret: NIOLockedValueBox<Secret>

    public init(_ secret: Secret, name: String = "app") {
        asker = Asker(.app, name: name)
        self.secret = NIOLockedValueBox(secret)
    }

    public func token() async throws(XFailure) -> Secret { secret.withLockedValue { $0 } }

    /// The operator has another: what is asked from now on is asked with it.
    ///
    /// - Returns: whether it is another.
    public func adopt(_ new: Secret) -> Bool {
        secret.withLockedValue { old in
            defer { old = new }
            return old.revealed != new.revealed
        }
    }

    public func token(insteadOf refused: Secret) async throws(XFailure) -> Secret {
        throw .unauthorized("the app's bearer token is refused")
    }
}

/// Keeps a user's tokens over restarts.
public protocol TokenKeeping: Sendable {
    func load(_ name: String) async throws -> TokenPair?
    /// Returns when they are on disk.
    func save(_ pair: TokenPair, _ name: String) async throws
}

/// Who we are to X's token server.
public struct OAuthClient: Hashable, Sendable {
    public var id: String
    /// `nil`: a public client.
    public var secret: Secret?

    public init(id: String, secret: Secret?) {
        self.id = id
        self.secret = secret
    }
}
