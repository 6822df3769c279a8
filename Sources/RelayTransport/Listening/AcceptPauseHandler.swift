// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// Accepts nobody for a moment when that fails, as it does while no file descriptor is left.
///
/// After an accept that failed, NIO asks the port again at once, and again: its `AcceptBackoffHandler` puts off only the reads
/// that follow one that succeeded. So reading is switched off here, and on again when the pause is over.
final class AcceptPauseHandler: ChannelInboundHandler, NIOScheduledCallbackHandler {
    typealias InboundIn = any Channel

    private let pause: TimeAmount
    private var channel: (any Channel)?

    init(pause: TimeAmount) { self.pause = pause }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.fireErrorCaught(error)
        guard error is IOError, channel == nil else { return }
        do {
            try context.channel.syncOptions?.setOption(.autoRead, value: false)
            try context.eventLoop.assumeIsolated().scheduleCallback(in: pause, handler: self)
            channel = context.channel
        } catch {
            // The port is closed, or its loop is about to end.
            return
        }
    }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        defer { channel = nil }
        do { try channel?.syncOptions?.setOption(.autoRead, value: true) } catch {
            // The port was closed meanwhile.
            return
        }
    }
}
