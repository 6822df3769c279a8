// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import TweetCore

extension XClient {
    /// A body without an end.
    struct StreamBody: Sendable {
        let chunks: HTTPClientResponse.Body
    }

    /// Opens the activity stream (`GET /2/activity/stream`).
    ///
    /// - Throws: ``XFailure``.
    func openStream() async throws(XFailure) -> StreamBody {
        let asker = try turnstile.admit(.stream, isPatient: true, at: clock.now())
        guard let source = sources[asker] else { throw .forbidden("no credential") }
        let start = clock.now()
        do throws(XFailure) {
            let token = try await source.token()
            let response = try await transport.open(
                XRequest(.get, .stream, "/2/activity/stream"),
                authorization: Secret("Bearer " + token.revealed))
            let headers = XHeaders { response.headers.first(name: $0) }
            guard response.status.code == 200 else {
                let body = try? await response.body.collect(upTo: 1 << 16)
                let reply = XReply(
                    status: Int(response.status.code), headers: headers,
                    body: body.map { Array($0.readableBytesView) } ?? [])
                let failure = reply.failure(
                    at: clock.now(), problems: reply.problems(limits: settings.limits))
                throw failure ?? .transient("status \(reply.status)")
            }
            ended(.stream, asker, headers, nil, since: start)
            return StreamBody(chunks: response.body)
        } catch {
            ended(.stream, asker, nil, error, since: start)
            throw error
        }
    }

    /// Makes X tell what these accounts do, and nothing else (`/2/activity/subscriptions`).
    ///
    /// - Parameter users: the first of them first, where there is no room for all.
    /// - Returns: how many subscriptions were made and removed.
    public func follow(_ users: [UserID]) async throws(XFailure) -> (made: Int, removed: Int) {
        let path = "/2/activity/subscriptions"
        let (made, removed) = Subscription.difference(have: try await subscriptions(path), wanted: users)
        for subscription in removed {
            // Gone already: that is what was wanted.
            let request = XRequest(.delete, .subscriptions, "\(path)/\(XRequest.escaped(subscription.id))")
            _ = try await perform(request, or: 404)
        }
        for want in made {
            let body = Subscription.body(event: want.event, user: want.user, tag: "rookery")
            // There already: likewise.
            _ = try await perform(XRequest(.post, .subscriptions, path, body: body), or: 409)
        }
        return (made.count, removed.count)
    }

    private func subscriptions(_ path: String) async throws(XFailure) -> [Subscription] {
        var all: [Subscription] = []
        var token: String?
        // Twice as many as X allows: an end for a server that knows none.
        while all.count < 2 * Subscription.countMax {
            let query = token.map { [XRequest.Item(name: "pagination_token", value: $0)] } ?? []
            let reply = try await perform(XRequest(.get, .subscriptions, path, query: query))
            guard let page = try? Subscription.list(reading: reply.body) else {
                throw .transient("the answer cannot be read")
            }
            all += page.subscriptions
            guard let next = page.next, !page.subscriptions.isEmpty else { break }
            token = next
        }
        return all
    }
}
