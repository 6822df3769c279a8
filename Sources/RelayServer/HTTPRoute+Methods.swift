// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOHTTP1
import RelayTransport

extension HTTPRoute {
    /// The answer to `OPTIONS`.
    func preflight(_ methods: [HTTPMethod]) -> HTTPResponse {
        HTTPResponse(status: .noContent, headers: ["Allow": Self.allowed(methods)]).adding(headers)
    }

    /// - Parameter methods: what may be asked of the path.
    func reply(to request: HTTPRequest, _ methods: [HTTPMethod]) -> HTTPReply {
        guard methods.contains(request.method) else {
            let refusal = HTTPResponse(
                status: .methodNotAllowed, contentType: "text/plain; charset=utf-8",
                headers: ["Allow": Self.allowed(methods)], text: "method not allowed\n")
            return .now(refusal.adding(headers))
        }
        return answer(request).adding(headers)
    }

    private static func allowed(_ methods: [HTTPMethod]) -> String {
        (methods + [.OPTIONS]).map(\.rawValue).joined(separator: ", ")
    }
}
