// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NostrCore
import RelayTransport
import TweetCore

// Who is there: sessions of browsers, proofs of scripts.
extension ModerationServer {
    /// Somebody who is signed in.
    struct Visitor: Sendable {
        let secret: String
        let session: ModeratorSession
        let moderator: Moderator

        var reader: ModerationPages.Reader {
            .init(name: moderator.name, role: moderator.role, formToken: session.formToken)
        }
    }

    static let cookie = "rookery_moderation"

    /// Who asks; `nil` when nobody is signed in there, or they are no moderator any more.
    func visitor(of request: HTTPRequest) throws(ModerationRefusal) -> Visitor? {
        guard let secret = Self.secret(in: request.headers) else { return nil }
        guard let session = state.withLockedValue({ $0.sessions.use(secret, at: now()) }) else { return nil }
        let found: Moderator?
        do { found = try store.moderator(session.moderator) } catch { throw .unavailable }
        guard let moderator = found, moderator.has(session.proof) else {
            state.withLockedValue { $0.sessions.end(secret) }
            return nil
        }
        return Visitor(secret: secret, session: session, moderator: moderator)
    }

    /// Whether a form is one of ours.
    func check(_ request: HTTPRequest, _ visitor: Visitor) throws(ModerationRefusal) {
        guard request.origin.isOurs, let token = request.form["form"],
            visitor.session.accepts(formToken: token)
        else { throw ModerationRefusal(.forbidden, "This form is not of this page. Nothing was decided.") }
    }

    func signInPage(
        _ status: HTTPResponseStatus, target: String, notice: ModerationPages.Notice? = nil
    ) -> HTTPResponse {
        var response = HTTPResponse.page(status, pages.signIn(Self.target(target), notice: notice))
        if status == .unauthorized { response.headers.add(name: "WWW-Authenticate", value: "Nostr, Bearer") }
        return response
    }

    func signIn(_ request: HTTPRequest) async throws(ModerationRefusal) -> HTTPResponse {
        guard request.origin.isOurs else {
            throw ModerationRefusal(.forbidden, "This form is not of this page.")
        }
        let isSigned = request.headers.contains(name: "Authorization")
        let form = request.form
        let found: (Moderator, SignInProof)
        do throws(ModerationRefusal) {
            found = try prove(request, token: isSigned ? nil : form["token"] ?? "")
        } catch {
            // The script shows the sentence; a form gets the page again.
            if isSigned || error.status != .unauthorized { throw error }
            return signInPage(.unauthorized, target: form["to"] ?? "", notice: .problem(error.text))
        }
        let secret = state.withLockedValue {
            $0.sessions.begin(for: found.0.name, by: found.1, secret: chance(), at: now())
        }
        tell(.signedIn(found.0.name))
        var response =
            isSigned ? HTTPResponse(status: .noContent) : .seeOther(Self.target(form["to"] ?? ""))
        response.headers.add(
            name: "Set-Cookie", value: setCookie(secret, for: limits.sessions.lifetime / 1_000, request))
        return response
    }

    func signOut(_ visitor: Visitor) -> HTTPResponse {
        state.withLockedValue { $0.sessions.end(visitor.secret) }
        var response = HTTPResponse.seeOther(ModerationPath.signIn.text)
        response.headers.add(
            name: "Set-Cookie", value: "\(Self.cookie)=; Path=\(ModerationPath.root); Max-Age=0")
        return response
    }

    /// Whose call it is: `Authorization: Bearer TOKEN`, or `Nostr` and an event (NIP-98).
    func caller(of request: HTTPRequest) throws(ModerationRefusal) -> Moderator {
        let words = (request.headers["Authorization"].first ?? "").split(separator: " ", maxSplits: 1)
        let isBearer = words.count == 2 && words[0].lowercased() == "bearer"
        return try prove(request, token: isBearer ? String(words[1]) : nil).0
    }

    /// A true proof is taken however many false ones came from the same address: behind a proxy that may be everybody's.
    ///
    /// - Parameter token: what is shown; `nil` where the request is signed instead.
    private func prove(
        _ request: HTTPRequest, token: String?
    ) throws(ModerationRefusal) -> (Moderator, SignInProof) {
        let outcome: Result<(Moderator, SignInProof), SignatureRefusal>
        do throws(BridgeStoreError) {
            if let token { outcome = try holder(of: token) } else { outcome = try signer(of: request) }
        } catch { throw .unavailable }
        switch outcome {
        case .success(let found): return found
        case .failure(let refusal) where refusal.isTemporary:
            throw ModerationRefusal(.tooManyRequests, refusal.reason, retryAfter: 60)
        case .failure(let refusal):
            let address = AddressKey(request.remoteAddress)
            let wait = state.withLockedValue { state in
                defer { state.failures.add(address, at: now()) }
                return state.failures.wait(of: address, at: now())
            }
            if let wait {
                throw ModerationRefusal(
                    .tooManyRequests, "Too many attempts from your address.", retryAfter: wait / 1_000 + 1)
            }
            tell(.refused)
            throw ModerationRefusal(.unauthorized, refusal.reason)
        }
    }

    private func holder(
        of token: String
    ) throws(BridgeStoreError) -> Result<(Moderator, SignInProof), SignatureRefusal> {
        guard (1...200).contains(token.utf8.count), let moderator = try store.moderator(token: token),
            let hash = moderator.tokenHash
        else { return .failure(SignatureRefusal("This token signs nobody in.")) }
        return .success((moderator, .token(hash)))
    }

    private func signer(
        of request: HTTPRequest
    ) throws(BridgeStoreError) -> Result<(Moderator, SignInProof), SignatureRefusal> {
        guard let signer else {
            return .failure(SignatureRefusal("Keys cannot sign in yet.", isTemporary: true))
        }
        let keys = Set(try store.moderators().compactMap(\.key))
        switch signer(request, { keys.contains($0.hex) }) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let key):
            guard let moderator = try store.moderator(key: key) else {
                return .failure(SignatureRefusal("This key signs nobody in."))
            }
            return .success((moderator, .key(key.hex)))
        }
    }

    private func setCookie(_ secret: String, for seconds: Int64, _ request: HTTPRequest) -> String {
        "\(Self.cookie)=\(secret); Path=\(ModerationPath.root); HttpOnly; SameSite=Strict; Max-Age=\(seconds)"
            + (request.origin.isSecure ? "; Secure" : "")
    }

    private static func secret(in headers: HTTPHeaders) -> String? {
        for pair in headers[canonicalForm: "Cookie"].flatMap({ $0.split(separator: ";") }) {
            let parts = pair.drop(while: \.isWhitespace).split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0] == cookie, parts[1].utf8.count == 64 { return String(parts[1]) }
        }
        return nil
    }

    /// Where to go after signing in: one of our own pages, spelled by us, whatever was asked for.
    static func target(_ text: String) -> String {
        switch ModerationPath(text.prefix { $0 != "?" }) {
        case .list: ModerationQuery(FormFields(target: text)).path
        case .item(let number): ModerationPath.item(number).text
        case .trail: ModerationPath.trail.text
        case .moderators: ModerationPath.moderators.text
        default: ModerationPath.root
        }
    }
}

extension HTTPRequest {
    /// The fields of its body.
    var form: FormFields { FormFields(String(decoding: body.readableBytesView, as: UTF8.self)) }

    var origin: RequestOrigin {
        RequestOrigin(
            site: headers["Sec-Fetch-Site"].first, origin: headers["Origin"].first,
            host: headers["Host"].first)
    }
}
