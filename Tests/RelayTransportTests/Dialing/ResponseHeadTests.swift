// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import RelayTransport

@Suite struct ResponseHeadTests {
    /// A proper answer to a request.
    static func acceptance(of request: String) -> String {
        let line = request.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") }
        let key = String(line?.dropFirst("Sec-WebSocket-Key: ".count) ?? "")
        return """
            HTTP/1.1 101 Switching Protocols\r
            upgrade: WebSocket\r
            connection: keep-alive, upgrade\r
            Sec-WebSocket-Accept:\(HandshakeKey.accept(for: key))\t \r
            \r

            """
    }

    private let key = "dGhlIHNhbXBsZSBub25jZQ=="

    private func flaw(_ lines: String...) throws -> String? {
        let text = (["HTTP/1.1 101 Yes"] + lines).joined(separator: "\r\n")
        return try #require(ResponseHead(Array(text.utf8))).flaw(key: key)
    }

    @Test func `a proper answer has no flaw`() throws {
        let accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        #expect(try flaw("Upgrade: websocket", "Connection: Upgrade", accept) == nil)
        #expect(try flaw("Connection: Upgrade", accept) == "no upgrade to websocket")
        #expect(try flaw("Upgrade: websocket", accept) == "no connection upgrade")
        #expect(try flaw("Upgrade: websocket", "Connection: Upgrade") == "wrong accept key")
        #expect(try flaw("Upgrade: websocket", "Connection: Upgrade", accept, accept) == "wrong accept key")
        #expect(
            try flaw("Upgrade: websocket", "Connection: Upgrade", accept, "Sec-WebSocket-Protocol: nostr")
                == "a subprotocol nobody asked for")
    }

    private func deflate(_ lines: String..., offered: Bool = true) throws -> DeflateTerms? {
        let text = (["HTTP/1.1 101 Yes"] + lines.map { "Sec-WebSocket-Extensions: \($0)" })
            .joined(separator: "\r\n")
        return try #require(ResponseHead(Array(text.utf8))).deflate(wasOffered: offered)
    }

    @Test func `an answer agrees to what was offered, or to nothing`() throws {
        #expect(try deflate() == nil)
        #expect(try deflate(offered: false) == nil)
        for more in ["", "; client_no_context_takeover", "; server_max_window_bits=10"] {
            #expect(try deflate("permessage-deflate; server_no_context_takeover\(more)") != nil)
        }
    }

    @Test(arguments: [
        "permessage-deflate", "permessage-deflate; client_no_context_takeover", "x-webkit-deflate-frame",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; server_no_context_takeover; client_max_window_bits=10",
        "permessage-deflate; server_no_context_takeover; server_max_window_bits=16",
        "permessage-deflate; server_no_context_takeover, permessage-deflate; server_no_context_takeover",
        "permessage-deflate; server_no_context_takeover; nonsense",
    ])
    func `an answer that does not fit the offer is a flaw`(answer: String) throws {
        #expect(throws: DialError.badExtension) { try deflate(answer) }
        #expect(throws: DialError.badExtension) {
            try deflate("permessage-deflate; server_no_context_takeover", offered: false)
        }
    }

    @Test(arguments: [
        "", "HTTP/1.1", "HTTP/2 200 OK", "HTTP/1.1 20 OK", "HTTP/1.1 200 OK\r\nno colon",
        "HTTP/1.1 200 OK\r\n: x",
        "HTTP/1.1 200 OK\r\nA: b\r\n folded: c",
    ])
    func `what is no head is refused`(text: String) {
        #expect(ResponseHead(Array(text.utf8)) == nil)
    }

    @Test func `a key is base64 of sixteen bytes`() {
        var generator = SystemRandomNumberGenerator()
        #expect(HandshakeKey.isWellFormed(HandshakeKey.generate(using: &generator)))
        #expect(HandshakeKey.isWellFormed(key))
        #expect(!HandshakeKey.isWellFormed("dGhlIHNhbXBsZSBub25jZQ="))
    }
}
