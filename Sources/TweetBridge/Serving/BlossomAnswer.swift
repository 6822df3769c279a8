// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import NostrCore
import RelayTransport
import TweetCore

/// How the Blossom server says no.
struct BlossomRefusal: Error, Hashable {
    var status: HTTPResponseStatus
    /// For people (`X-Reason`).
    var reason: String

    init(_ status: HTTPResponseStatus, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    static func == (a: BlossomRefusal, b: BlossomRefusal) -> Bool {
        a.status.code == b.status.code && a.reason == b.reason
    }
    func hash(into hasher: inout Hasher) { hasher.combine(reason) }

    var response: HTTPResponse {
        var response = HTTPResponse(
            status: status, contentType: "text/plain; charset=utf-8",
            headers: ["X-Reason": reason, "Cache-Control": "no-store"], text: "\(reason)\n")
        if status == .unauthorized { response.headers.add(name: "WWW-Authenticate", value: "Nostr") }
        if status == .tooManyRequests { response.headers.add(name: "Retry-After", value: "10") }
        return response
    }
}

extension HTTPResponse {
    static func json(_ text: [UInt8]) -> HTTPResponse { json(.ok, text) }

    /// Something in JSON.
    static func json(_ status: HTTPResponseStatus, _ text: [UInt8]) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "application/json", "Cache-Control": "no-store"],
            body: ByteBuffer(bytes: text))
    }
}

extension KeptBlob {
    /// As BUD-02 describes a blob.
    func descriptor(below baseURL: String) -> BlobDescriptor {
        let name = Hex.string(hash.bytes)
        return BlobDescriptor(
            url: "\(baseURL)/\(name).\(FileType.ending(of: type))", sha256: name, size: size, type: type,
            uploaded: uploaded)
    }
}

extension BlobDescriptor {
    /// The JSON object of BUD-02, with the tags of BUD-08.
    var json: [UInt8] {
        var text = Array(#"{"url":"#.utf8)
        JSONText.appendQuoted(url, to: &text)
        text += Array(#","sha256":"\#(sha256)","size":\#(size),"type":"#.utf8)
        JSONText.appendQuoted(type, to: &text)
        text += Array(#","uploaded":\#(uploaded),"nip94":["#.utf8)
        for (index, tag) in [["url", url], ["m", type], ["x", sha256], ["size", "\(size)"]].enumerated() {
            text += Array((index > 0 ? ",[" : "[").utf8)
            JSONText.appendQuoted(tag[0], to: &text)
            text.append(UInt8(ascii: ","))
            JSONText.appendQuoted(tag[1], to: &text)
            text.append(UInt8(ascii: "]"))
        }
        return text + Array("]}".utf8)
    }
}
