// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// Why one request has no answer.
struct Refused: Error {
    var failure: XFailure
    /// X takes money for it all the same.
    var wasCharged = false
    /// What was asked may be done.
    var mayBeDone = false
    /// **Milliseconds** that X asks to wait.
    var hint: Int64?
}

extension XClient {
    /// Makes one request with whoever may; a user's token that is refused is renewed once.
    ///
    /// Where a user's tokens are good no more the next credential is asked with: users come and go, and what the app may do
    /// does not depend on them.
    ///
    /// - Parameter leaving: requests of a limit that are left to what is more important.
    /// - Returns: what X answered, be it a refusal that is about this request alone.
    func exchange(
        _ request: XRequest, leaving: Int = 0
    ) async throws(Refused) -> (XReply, any TokenSource) {
        // Whoever is refused pauses, so each credential has one turn.
        for _ in 1..<max(1, sources.count) {
            do throws(Refused) {
                let (reply, source) = try await exchangeOnce(request, leaving: leaving)
                guard reply.status == 401, source.asker.kind == .user else { return (reply, source) }
            } catch {
                guard case .unauthorized = error.failure, !error.mayBeDone else { throw error }
            }
        }
        return try await exchangeOnce(request, leaving: leaving)
    }

    private func exchangeOnce(
        _ request: XRequest, leaving: Int
    ) async throws(Refused) -> (XReply, any TokenSource) {
        let asker: Asker
        do throws(XFailure) {
            asker = try turnstile.admit(request.route, leaving: leaving, at: clock.now())
        } catch {
            throw Refused(failure: error)
        }
        guard let source = sources[asker] else { throw Refused(failure: .forbidden("no credential")) }
        let start = clock.now()
        do throws(Refused) {
            let reply = try await authorized(request, source)
            let failure = reply.failure(at: clock.now(), problems: reply.problems(limits: settings.limits))
            ended(request.route, asker, reply.headers, failure, since: start)
            return (reply, source)
        } catch {
            ended(request.route, asker, nil, error.failure, since: start)
            throw error
        }
    }

    private func authorized(_ request: XRequest, _ source: any TokenSource) async throws(Refused)
        -> XReply
    {
        var token: Secret
        do throws(XFailure) { token = try await source.token() } catch { throw Refused(failure: error) }
        var reply = try await send(request, token)
        if reply.status == 401, source.asker.kind == .user {
            do throws(XFailure) { token = try await source.token(insteadOf: token) } catch {
                throw Refused(failure: error)
            }
            observer.renewed(source.asker)
            reply = try await send(request, token)
        }
        return reply
    }

    private func send(_ request: XRequest, _ token: Secret) async throws(Refused) -> XReply {
        do throws(XTransport.Lost) {
            return try await transport.send(request, authorization: Secret("Bearer " + token.revealed))
        } catch {
            throw Refused(failure: error.failure, wasCharged: error.wasAnswered, mayBeDone: error.mayBeDone)
        }
    }

    func ended(
        _ route: XRoute, _ asker: Asker, _ headers: XHeaders?, _ failure: XFailure?,
        since start: Int64
    ) {
        let now = clock.now()
        turnstile.ended(route, with: asker, headers: headers, failure: failure, at: now)
        observer.requested(
            route, with: asker, result: failure?.label ?? "answered", milliseconds: now - start,
            requestID: headers?.requestID)
    }

    /// A question, or a request that is made once, failed by nobody's decision.
    func gaveUp(after failure: XFailure) {
        if case .transient = failure, failure != Turnstile.resting { turnstile.gaveUp(at: clock.now()) }
    }

    /// The operator says that a credential is good again.
    public func resume(_ asker: Asker) { turnstile.resume(asker) }
}
