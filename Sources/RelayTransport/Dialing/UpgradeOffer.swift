// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1

/// A client's request to speak WebSocket (RFC 6455 §4.1).
struct UpgradeOffer: Sendable {
    let key: String
    /// Whether permessage-deflate is offered.
    let compresses: Bool
    let bytes: ByteBuffer

    /// - Parameter headers: further ones; those of the handshake itself are left out.
    init(
        _ target: DialTarget, headers: HTTPHeaders, compresses: Bool = false,
        using generator: inout some RandomNumberGenerator
    ) {
        self.compresses = compresses
        key = HandshakeKey.generate(using: &generator)
        var lines = ["GET \(target.path) HTTP/1.1", "Host: \(target.authority)", "Upgrade: websocket"]
        lines += ["Connection: Upgrade", "Sec-WebSocket-Key: \(key)", "Sec-WebSocket-Version: 13"]
        if compresses { lines.append("Sec-WebSocket-Extensions: \(DeflateTerms.offer)") }
        for (name, value) in headers where !Self.ours.contains(name.lowercased()) {
            lines.append("\(name): \(value)")
        }
        bytes = ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n")
    }

    /// Whether the target's parts can stand in a request without ending a line or a word.
    static func isSafe(_ target: DialTarget) -> Bool {
        let isWord = { (text: String) in !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }
        return isWord(target.path) && target.path.hasPrefix("/") && isWord(target.authority)
            && (1...65_535).contains(target.port)
    }

    private static let ours: Set = [
        "host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version",
        "sec-websocket-extensions",
        "sec-websocket-protocol", "content-length", "transfer-encoding",
    ]
}
