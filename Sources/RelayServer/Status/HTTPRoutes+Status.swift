// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import RelayTransport
import RepositoryRules

/// The status page and what belongs to it. It reads the store: no event loop waits for that.
extension HTTPRoutes {
    func statusPage(_ request: HTTPRequest) -> HTTPReply {
        let found = Self.found(by: request)
        return .later { [board, status, isOpen = feed != nil] in
            let view = status.now
            let page = StatusPage(
                information: board.information, report: view.report, sections: view.sections, isOpen: isOpen,
                found: found)
            return HTTPResponse.page(.ok, page.html).adding(Self.pageHeaders)
        }
    }

    /// What else there is for the page.
    func statusPart(_ request: HTTPRequest) -> (() -> HTTPReply)? {
        if let resource = StatusResource.all[request.path] { return { .now(resource.response) } }
        guard let feed else { return nil }
        switch request.path {
        case StatusPath.json:
            return {
                .later { [board, status] in
                    HTTPResponse(
                        headers: ["Content-Type": "application/json", "Cache-Control": "no-store"],
                        body: ByteBuffer(bytes: status.now.report.json(name: board.information.name)))
                }
            }
        case StatusPath.events: return { .open(HTTPResponse(headers: Self.eventHeaders)) { feed.add($0) } }
        default: return nil
        }
    }

    /// The address that a browser came to, as a client would write it. It is shown to that browser alone, so it may say what
    /// it likes.
    private static func found(by request: HTTPRequest) -> String {
        let host = request.headers.first(name: "Host").flatMap { ServiceAuthority($0) }
        let isSecure = request.headers.first(name: "X-Forwarded-Proto") == "https"
        return "\(isSecure ? "wss" : "ws")://\(host?.description ?? "this address")"
    }

    private static let pageHeaders: HTTPHeaders = [
        "Vary": "Accept", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Content-Security-Policy":
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ]

    /// nginx would keep events back until a buffer is full.
    private static let eventHeaders: HTTPHeaders = [
        "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
    ]
}
