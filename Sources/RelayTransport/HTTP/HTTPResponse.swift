// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore
public import NIOHTTP1

/// How a request is answered.
public enum HTTPReply: Sendable {
    case now(HTTPResponse)
    /// What takes long to make: called on a thread of its own while the event loop serves others.
    case later(@Sendable () -> HTTPResponse)
    /// What has to wait for others, while the event loop serves.
    case awaited(@Sendable () async -> HTTPResponse)
    /// What has no end of its own: its head, and whoever is then given its body to send.
    case open(HTTPResponse, @Sendable (OpenAnswer) -> Void)
}

/// One HTTP response. `Content-Length` and `Connection` are added by the transport.
public struct HTTPResponse: Sendable {
    public var status: HTTPResponseStatus
    public var headers: HTTPHeaders
    /// Not sent for `HEAD`, 204 and 304.
    public var body: ByteBuffer
    /// Sent instead of ``body``, a piece at a time as the client takes it.
    public var file: FilePart?

    public init(status: HTTPResponseStatus = .ok, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer())
    {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public init(
        status: HTTPResponseStatus = .ok, contentType: String, headers: HTTPHeaders = [:], text: String
    ) {
        self.init(status: status, headers: headers, body: ByteBuffer(string: text))
        self.headers.replaceOrAdd(name: "Content-Type", value: contentType)
    }

    /// A page for browsers.
    public static func page(_ status: HTTPResponseStatus = .ok, _ html: HTML) -> HTTPResponse {
        HTTPResponse(status: status, contentType: "text/html; charset=utf-8", text: html.markup)
    }

    /// What `Content-Length` says.
    var length: Int { file.map { $0.range.count } ?? body.readableBytes }
}
