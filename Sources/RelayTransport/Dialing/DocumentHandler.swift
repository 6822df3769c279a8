// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOSSL

/// One document to be read over HTTP/1.1, and the place where it goes.
final class DocumentRequest: Sendable {
    /// The media type that is wanted.
    let accept: String
    /// **Bytes** of the body.
    let maxLength: Int
    private let body = NIOLockedValueBox<[UInt8]>([])

    init(accept: String, maxLength: Int) {
        self.accept = accept
        self.maxLength = maxLength
    }

    /// What was read, once the outcome is kept.
    fileprivate(set) var result: [UInt8] {
        get { body.withLockedValue { $0 } }
        set { body.withLockedValue { $0 = newValue } }
    }
}

/// Asks for a document once and reads it whole, within bounds; redirects are not followed.
final class DocumentHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: DocumentRequest
    private let target: DialTarget
    private let headers: HTTPHeaders
    private let outcome: EventLoopPromise<Void>
    private var received: [UInt8] = []
    private var isDone = false

    init(
        request: DocumentRequest, target: DialTarget, headers: HTTPHeaders, outcome: EventLoopPromise<Void>
    ) {
        self.request = request
        self.target = target
        self.headers = headers
        self.outcome = outcome
    }

    func handlerAdded(context: ChannelHandlerContext) {
        var fields = HTTPHeaders([("Host", target.authority), ("Accept", request.accept)])
        fields.add(contentsOf: headers)
        fields.replaceOrAdd(name: "Connection", value: "close")
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: target.path, headers: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            // The decoder swallows 1xx answers but 101, which nobody asked for.
            if head.status != .ok { finish(.http(status: Int(head.status.code)), context) }
        case .body(let bytes):
            guard received.count + bytes.readableBytes <= request.maxLength else {
                return finish(.handshake("document is too long"), context)
            }
            received += bytes.readableBytesView
        case .end:
            request.result = received
            finish(nil, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as DialError: finish(error, context)
        case let error as NIOSSLError: finish(.tls(String(describing: error)), context)
        case let error as IOError: finish(.tcp(error.description), context)
        default: finish(.handshake("no HTTP answer"), context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.handshake("connection closed"), context)
        context.fireChannelInactive()
    }

    private func finish(_ error: DialError?, _ context: ChannelHandlerContext) {
        guard !isDone else { return }
        isDone = true
        received = []
        if let error { outcome.fail(error) } else { outcome.succeed() }
        context.close(promise: nil)
    }
}
