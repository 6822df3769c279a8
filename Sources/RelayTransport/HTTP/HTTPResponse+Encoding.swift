// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1

extension HTTPResponse {
    /// A short answer in plain text.
    init(status: HTTPResponseStatus, reason: String) {
        self.init(status: status, contentType: "text/plain; charset=utf-8", text: reason + "\n")
    }

    /// The bytes on the wire, without those of a ``file``.
    ///
    /// - Parameters:
    ///   - isHead: the body is announced and not sent.
    ///   - closes: whether the connection ends with this response.
    ///   - isOpen: its length is not known, and the connection's end is its end (RFC 9112 §6.3).
    func encoded(isHead: Bool, closes: Bool, isOldClient: Bool, isOpen: Bool = false) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.reserveCapacity(256 + body.readableBytes)
        bytes.writeString("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n")
        for (name, value) in headers where !Self.isOurs(name) {
            precondition(Self.isSafe(name) && Self.isSafe(value), "a header must not hold a line break")
            bytes.writeString("\(name): \(value)\r\n")
        }
        let mayHaveBody = status.mayHaveResponseBody
        if mayHaveBody && !isOpen { bytes.writeString("Content-Length: \(length)\r\n") }
        if closes {
            bytes.writeString("Connection: close\r\n")
        } else if isOldClient {
            bytes.writeString("Connection: keep-alive\r\n")
        }
        bytes.writeString("\r\n")
        if mayHaveBody && !isHead && file == nil { bytes.writeImmutableBuffer(body) }
        return bytes
    }

    private static func isOurs(_ name: String) -> Bool {
        switch name.lowercased() {
        case "content-length", "connection", "transfer-encoding": true
        default: false
        }
    }

    private static func isSafe(_ text: String) -> Bool {
        !text.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
    }
}
