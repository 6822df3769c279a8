// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
public import NostrCore
public import RelayTransport
import TweetCore

/// The moderation page on a port that others share: lists, previews and decisions in plain HTML for named moderators, and the same in JSON
/// for scripts.
///
/// A browser signs in with a token or a key (NIP-98) and has a session from then on; a script proves itself with every request.
public final class ModerationServer: Sendable {
    let store: BridgeStore
    let pages: ModerationPages
    let now: @Sendable () -> Int64
    let chance: @Sendable () -> Bytes32
    let tell: @Sendable (ModerationNews) -> Void
    let state: NIOLockedValueBox<State>
    private let parts = NIOLockedValueBox<Parts>(Parts())

    var limits: ModerationLimits { pages.limits }
    var bridge: Bridge? { parts.withLockedValue(\.bridge) }
    var signer: RequestSigner? { parts.withLockedValue(\.signer) }

    struct State: Sendable {
        var sessions: ModeratorSessions
        var failures = SignInFailures<AddressKey>()
    }

    private struct Parts: Sendable {
        var bridge: Bridge?
        var signer: RequestSigner?
    }

    /// - Parameters:
    ///   - now: **milliseconds** since 1970.
    ///   - chance: 32 bytes that nobody can guess.
    ///   - tell: must only take note.
    public init(
        _ store: BridgeStore, limits: ModerationLimits = ModerationLimits(),
        now: @escaping @Sendable () -> Int64,
        chance: @escaping @Sendable () -> Bytes32 = SignInToken.chance,
        tell: @escaping @Sendable (ModerationNews) -> Void = { _ in }
    ) {
        self.store = store
        self.now = now
        self.chance = chance
        self.tell = tell
        pages = ModerationPages(limits: limits)
        state = NIOLockedValueBox(State(sessions: ModeratorSessions(limits.sessions)))
    }

    /// Shows from now on what posts would become.
    public func adopt(_ bridge: Bridge) { parts.withLockedValue { $0.bridge = bridge } }

    /// Takes signed requests from now on.
    public func adopt(_ signer: @escaping RequestSigner) { parts.withLockedValue { $0.signer = signer } }

    /// What to give to the listener of the port.
    public var route: HTTPRoute {
        HTTPRoute(
            methods: { ModerationPath($0)?.methods }, headers: Self.headers,
            body: { [limits] in .collectedUpTo($0.method == .POST ? limits.formBytes : 0) },
            answer: { [self] request in .awaited { await self.answer(request) } })
    }

    /// Nothing foreign is loaded, framed, kept or told where a link was followed; `same-origin` and not `no-referrer`, with which browsers
    /// would not say where a form comes from.
    static let headers: HTTPHeaders = [
        "Content-Security-Policy":
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    ]

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard let path = ModerationPath(request.path) else { return HTTPResponse(status: .notFound) }
        if path.isAPI {
            do throws(ModerationRefusal) { return try await answerCall(path, request) } catch {
                return error.json
            }
        }
        do throws(ModerationRefusal) { return try await answer(path, request) } catch {
            return error.page(pages, reader: try? visitor(of: request)?.reader)
        }
    }

    private func answer(
        _ path: ModerationPath, _ request: HTTPRequest
    ) async throws(ModerationRefusal) -> HTTPResponse {
        switch path {
        case .style: return .fixed(ModerationPages.style, type: "text/css; charset=utf-8")
        case .script: return .fixed(ModerationPages.script, type: "text/javascript; charset=utf-8")
        case .signIn where request.method == .POST: return try await signIn(request)
        default: break
        }
        guard let visitor = try visitor(of: request) else {
            guard request.method != .POST else {
                throw ModerationRefusal(.unauthorized, "You are not signed in any more. Nothing was decided.")
            }
            return signInPage(.unauthorized, target: path == .signIn ? ModerationPath.root : request.target)
        }
        if request.method == .POST { try check(request, visitor) }
        switch path {
        case .signIn: return .seeOther(ModerationPath.root)
        case .signOut: return signOut(visitor)
        case .decisions: return try await decide(request, visitor)
        case .item(let number): return try await showItem(number, visitor)
        case .trail: return try showTrail(request, visitor)
        case .moderators: return try showModerators(visitor)
        default: return try showList(ModerationQuery(FormFields(target: request.target)), visitor)
        }
    }
}

/// Tells whose request it is (NIP-98): the signature must name its whole URL. Only keys that `mayAsk` are remembered.
public typealias RequestSigner =
    @Sendable (HTTPRequest, _ mayAsk: (PublicKey) -> Bool) -> Result<PublicKey, SignatureRefusal>

/// Why a signed request proves nothing.
public struct SignatureRefusal: Error, Hashable, Sendable {
    public var reason: String
    /// Whether it may simply be sent again later.
    public var isTemporary: Bool

    public init(_ reason: String, isTemporary: Bool = false) {
        (self.reason, self.isTemporary) = (reason, isTemporary)
    }
}

/// What an operator may want to know.
public enum ModerationNews: Hashable, Sendable {
    /// A moderator, by name.
    case signedIn(String)
    /// Somebody has tried to be one.
    case refused
}

extension ModerationPath {
    var methods: [HTTPMethod] {
        switch self {
        case .list, .item, .trail, .moderators, .style, .script, .apiItems, .apiItem: [.GET, .HEAD]
        case .decisions, .signOut, .apiDecisions: [.POST]
        case .signIn: [.GET, .HEAD, .POST]
        }
    }
}

extension HTTPResponse {
    /// The same for everybody.
    fileprivate static func fixed(_ text: String, type: String) -> HTTPResponse {
        HTTPResponse(contentType: type, headers: ["Cache-Control": "public, max-age=300"], text: text)
    }
}
