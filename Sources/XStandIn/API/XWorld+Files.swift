// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// A file of the media host, or a part of it (RFC 9110 §14).
    mutating func serveFile(_ call: inout Call) -> XReply {
        call.route = "/media/:path"
        guard ["GET", "HEAD"].contains(call.request.method) else {
            return XReply(405, body: Array("Method Not Allowed".utf8), contentType: "text/plain")
        }
        guard let file = files[String(call.path.dropFirst("/media/".count))] ?? standingFile(call.path) else {
            return XReply(404, body: Array("Not Found".utf8), contentType: "text/plain")
        }
        guard let header = call.request.headers["range"], let range = Self.range(header, of: file.bytes.count)
        else {
            var reply = XReply(200, body: file.bytes, contentType: file.contentType)
            reply[header: "accept-ranges"] = "bytes"
            return reply
        }
        guard !range.isEmpty else {
            var reply = XReply(416, body: [], contentType: nil)
            reply[header: "content-range"] = "bytes */\(file.bytes.count)"
            return reply
        }
        var reply = XReply(206, body: Array(file.bytes[range]), contentType: file.contentType)
        reply[header: "accept-ranges"] = "bytes"
        reply[header: "content-range"] =
            "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.bytes.count)"
        return reply
    }

    /// The picture of accounts that have none.
    private func standingFile(_ path: String) -> XFile? {
        guard path.hasPrefix("/media/default") else { return nil }
        return XFile(contentType: "image/png", bytes: Picture.png(width: 48, height: 48, colour: 0x1D9BF0))
    }

    /// One range of bytes; nil: what is not understood counts as not asked. Empty: it lies outside.
    private static func range(_ header: String, of count: Int) -> Range<Int>? {
        guard header.hasPrefix("bytes="), !header.contains(",") else { return nil }
        let parts = header.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        switch (Int(parts[0]), Int(parts[1])) {
        case (let first?, let last?) where first <= last:
            return first < count ? first..<min(last + 1, count) : 0..<0
        case (let first?, nil) where parts[1].isEmpty: return first < count ? first..<count : 0..<0
        case (nil, let tail?) where parts[0].isEmpty:
            return tail > 0 && count > 0 ? max(0, count - tail)..<count : 0..<0
        default: return nil
        }
    }

    /// A t.co link: it leads on, and says nothing else.
    mutating func redirect(_ call: inout Call) -> XReply {
        call.route = "t.co"
        let code = call.path.hasPrefix("/t.co/") ? call.path.dropFirst(6) : call.path.dropFirst(1)
        guard let target = links[String(code)] else {
            return XReply(
                404, body: Array("<html><body>Nothing here</body></html>".utf8), contentType: "text/html")
        }
        var reply = XReply(301, body: [], contentType: nil)
        reply[header: "location"] = target
        reply[header: "cache-control"] = "private,max-age=300"
        return reply
    }
}
