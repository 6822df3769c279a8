// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import NostrCore
import RelayTransport
import TweetCore

/// How the moderation page says no.
struct ModerationRefusal: Error, Sendable {
    var status: HTTPResponseStatus
    /// For people: our own words.
    var text: String
    /// **Seconds** after which it may be tried again.
    var retryAfter: Int64?

    init(_ status: HTTPResponseStatus, _ text: String, retryAfter: Int64? = nil) {
        (self.status, self.text, self.retryAfter) = (status, text, retryAfter)
    }

    static let unavailable = ModerationRefusal(
        .serviceUnavailable, "The store does not answer.", retryAfter: 5)

    var json: HTTPResponse {
        completed(.json(status, JSONOutput.object { $0.member("error", text) }))
    }

    func page(_ pages: ModerationPages, reader: ModerationPages.Reader?) -> HTTPResponse {
        completed(.page(status, pages.message(status.reasonPhrase, text, reader: reader)))
    }

    private func completed(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        if let retryAfter { response.headers.add(name: "Retry-After", value: "\(retryAfter)") }
        if status == .unauthorized { response.headers.add(name: "WWW-Authenticate", value: "Nostr, Bearer") }
        return response
    }
}

extension HTTPResponse {
    /// To be read with GET, whatever was sent.
    static func seeOther(_ path: String) -> HTTPResponse {
        HTTPResponse(status: .seeOther, headers: ["Location": path])
    }
}
