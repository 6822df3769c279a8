// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

internal import Glibc
internal import NIOCore
internal import NIOHTTP1

/// One connection: requests one after the other, or an activity stream.
///
/// ```
///   head ──▶ body ──▶ answering ──▶ next head …
///                        └──▶ streaming ──▶ closed
/// ```
final class Conversation: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let state: ServerState
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isTooLong = false
    private var stream: StreamID?
    /// Lines that came before the head of the stream was written; nil: it is.
    private var early: [[UInt8]]? = []
    private var heartbeat: RepeatedTask?

    init(_ state: ServerState) {
        self.state = state
    }

    /// What others than its event loop may do with a conversation.
    struct Handle: Sendable {
        let conversation: NIOLoopBound<Conversation>
        let context: NIOLoopBound<ChannelHandlerContext>
        let loop: any EventLoop

        func write(_ line: [UInt8]) {
            loop.execute { conversation.value.write(line, context.value) }
        }

        func end() {
            loop.execute { context.value.close(promise: nil) }
        }
    }

    func channelActive(context: ChannelHandlerContext) {
        if !state.opened(context.channel) { context.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        heartbeat?.cancel()
        if let stream { state.streamEnded(stream) }
        state.closed(context.channel)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
            isTooLong = false
        case .body(let part):
            isTooLong = isTooLong || body.count + part.readableBytes > state.options.limits.requestBytes
            if !isTooLong { body += part.readableBytesView }
        case .end:
            guard let head, stream == nil else { return }
            self.head = nil
            answer(head, context)
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        var headers: [String: String] = [:]
        for (name, value) in head.headers { headers[name.lowercased()] = value }
        let request = XRequest(head.method.rawValue, head.uri, headers: headers, body: body)
        body = []
        let reply =
            isTooLong
            ? Problem.plain(413, "Content Too Large").reply : state.answer(request, for: handle(context))
        if case .stream(let id) = reply.manner { stream = id }
        guard reply.delay > .zero else { return write(reply, to: head, context) }
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(reply.delay)) { [self] in
            if context.channel.isActive { write(reply, to: head, context) }
        }
    }

    private func handle(_ context: ChannelHandlerContext) -> Handle {
        Handle(
            conversation: NIOLoopBound(self, eventLoop: context.eventLoop),
            context: NIOLoopBound(context, eventLoop: context.eventLoop), loop: context.eventLoop)
    }

    private func write(_ reply: XReply, to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        var answer = HTTPResponseHead(
            version: head.version, status: HTTPResponseStatus(statusCode: reply.status),
            headers: HTTPHeaders(reply.headers.map { ($0.name, $0.value) }))
        if case .silence = reply.manner { return }
        if case .stream = reply.manner { return beginStream(answer, context) }
        answer.headers.replaceOrAdd(name: "content-length", value: String(reply.body.count))
        if !head.isKeepAlive { answer.headers.replaceOrAdd(name: "connection", value: "close") }
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        let body = head.method == .HEAD ? [] : reply.body
        switch reply.manner {
        case .truncated(let count): send(body.prefix(count), thenReset: false, context)
        case .reset(let count): send(body.prefix(count), thenReset: true, context)
        case .dripping(let pause):
            drip(body[...], every: TimeAmount(pause), closes: !head.isKeepAlive, handle(context))
        case .whole, .silence, .stream:
            if !body.isEmpty {
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
            }
            let channel = context.channel
            let ended = context.writeAndFlush(wrapOutboundOut(.end(nil)))
            if !head.isKeepAlive { ended.whenComplete { _ in channel.close(promise: nil) } }
        }
    }

    /// Sends the beginning of a body and ends the connection.
    private func send(_ part: ArraySlice<UInt8>, thenReset: Bool, _ context: ChannelHandlerContext) {
        let channel = context.channel
        let written = context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: part)))))
        written.whenComplete { _ in
            guard thenReset, let socket = channel as? any SocketOptionProvider else {
                return channel.close(promise: nil)
            }
            socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in
                channel.close(promise: nil)
            }
        }
    }

    /// Sends a body byte after byte, for as long as somebody listens.
    private func drip(
        _ rest: ArraySlice<UInt8>, every pause: TimeAmount, closes: Bool, _ handle: Handle
    ) {
        let context = handle.context.value
        guard context.channel.isActive else { return }
        guard let byte = rest.first else {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            return closes ? context.close(promise: nil) : ()
        }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: [byte])))), promise: nil)
        handle.loop.scheduleTask(in: pause) {
            handle.conversation.value.drip(rest.dropFirst(), every: pause, closes: closes, handle)
        }
    }

    private func beginStream(_ head: HTTPResponseHead, _ context: ChannelHandlerContext) {
        let bytes = state.options.limits.waitingStreamBytes
        try? context.channel.syncOptions?.setOption(
            .writeBufferWaterMark, value: .init(low: bytes / 2, high: bytes))
        var head = head
        head.headers.replaceOrAdd(name: "transfer-encoding", value: "chunked")
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        let waiting = early ?? []
        early = nil
        for line in waiting { write(line, context) }
        let interval = TimeAmount(state.options.heartbeat)
        let handle = handle(context)
        heartbeat = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            handle.write([13, 10])
        }
    }

    private func write(_ line: [UInt8], _ context: ChannelHandlerContext) {
        if let waiting = early {
            guard waiting.count < state.options.limits.waitingEvents else {
                return context.close(promise: nil)
            }
            early?.append(line)
            return
        }
        guard context.channel.isWritable else { return context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: line)))), promise: nil)
    }
}
