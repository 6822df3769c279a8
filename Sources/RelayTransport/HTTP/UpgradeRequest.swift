// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1

/// What a request's head says about speaking WebSocket (RFC 6455 §4.2.1).
enum UpgradeRequest {
    /// A plain HTTP request.
    case none
    /// A proper one; the key is to be answered.
    case proper(UpgradeAcceptance)
    /// An attempt that cannot be accepted, and its answer.
    case improper(HTTPResponse)

    /// - Parameter compresses: whether permessage-deflate is agreed to when it is offered.
    init(_ head: HTTPRequestHead, compresses: Bool) {
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
            let deflate = compresses ? DeflateTerms(offeredIn: head.headers["Sec-WebSocket-Extensions"]) : nil
            self = .proper(UpgradeAcceptance(key: key, deflate: deflate))
        } else {
            self = .improper(HTTPResponse(status: .badRequest, reason: "bad Sec-WebSocket-Key"))
        }
    }
}

/// What is agreed with a client that asked properly.
struct UpgradeAcceptance: Sendable {
    var key: String
    /// `nil` when nothing is compressed.
    var deflate: DeflateTerms?
    /// Who asked.
    var client: SocketAddress?

    func from(_ client: SocketAddress?) -> UpgradeAcceptance {
        var acceptance = self
        acceptance.client = client
        return acceptance
    }

    /// The head of the answer.
    var head: ByteBuffer {
        let extensions = deflate.map { "Sec-WebSocket-Extensions: \($0.answer)\r\n" } ?? ""
        return ByteBuffer(
            string: """
                HTTP/1.1 101 Switching Protocols\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Accept: \(HandshakeKey.accept(for: key))\r
                \(extensions)\r

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

    /// **Bytes** of the body, unless it comes in chunks.
    var announcedLength: Int? { headers.first(name: "Content-Length").flatMap { Int($0) } }

    /// Whether the client sends the body once it is told to.
    var waitsForWord: Bool { headers.lists("100-continue", in: "Expect") }
}
