// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1

/// What a request's head says about speaking WebSocket (RFC 6455 §4.2.1).
enum UpgradeRequest {
    /// A plain HTTP request.
    case none
    /// A proper one; the key is to be answered.
    case proper(key: String)
    /// An attempt that cannot be accepted, and its answer.
    case improper(HTTPResponse)

    init(_ head: HTTPRequestHead) {
        guard head.headers.lists("websocket", in: "Upgrade") else {
            self = .none
            return
        }
        let keys = head.headers["Sec-WebSocket-Key"]
        if head.method != .GET || head.version != .http1_1 || !head.headers.lists("upgrade", in: "Connection")
        {
            self = .improper(HTTPResponse(status: .badRequest, reason: "no proper WebSocket upgrade request"))
        } else if head.headers["Sec-WebSocket-Version"] != ["13"] {
            var response = HTTPResponse(
                status: .upgradeRequired, reason: "only WebSocket version 13 is spoken here")
            response.headers.add(name: "Sec-WebSocket-Version", value: "13")
            self = .improper(response)
        } else if let key = keys.first, keys.count == 1, HandshakeKey.isWellFormed(key), !head.hasBody {
            self = .proper(key: key)
        } else {
            self = .improper(HTTPResponse(status: .badRequest, reason: "bad Sec-WebSocket-Key"))
        }
    }

    /// The head of the answer to a proper request.
    static func acceptance(of key: String) -> ByteBuffer {
        ByteBuffer(
            string: """
                HTTP/1.1 101 Switching Protocols\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Accept: \(HandshakeKey.accept(for: key))\r
                \r

                """)
    }
}

extension HTTPHeaders {
    /// Whether a comma-separated list header holds a word, in whatever case.
    func lists(_ word: String, in name: String) -> Bool {
        self[canonicalForm: name].contains { $0.lowercased() == word }
    }
}

extension HTTPRequestHead {
    /// Whether a body follows the head.
    var hasBody: Bool {
        headers.contains(name: "Transfer-Encoding")
            || !(headers["Content-Length"].allSatisfy { $0 == "0" })
    }
}
