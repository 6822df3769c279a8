// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// Making way for ``WebSocketHandler``.
///
/// The decoder stops after an upgrade request and hands on what follows it as bytes when it is removed. Should it ever
/// not take a request for one where we do, it would hand on HTTP instead, and a WebSocket handler cannot take that. So the
/// change takes two turns of the loop, with reading off: what the decoder makes of the bytes at hand comes here, where
/// it ends the connection, and only then does the other handler take this one's place.
extension HTTPConnectionHandler {
    func beginUpgrade(
        _ acceptance: UpgradeAcceptance, _ makePeer: @escaping @Sendable () -> any WebSocketPeer,
        _ context: ChannelHandlerContext
    ) {
        phase = .upgraded
        stopTimer()
        setAutoRead(false, of: context.channel)
        context.eventLoop.assumeIsolated().execute { [self] in
            guard context.channel.isActive else { return }
            upgrade(acceptance, makePeer, context)
        }
    }

    private func upgrade(
        _ acceptance: UpgradeAcceptance, _ makePeer: @Sendable () -> any WebSocketPeer,
        _ context: ChannelHandlerContext
    ) {
        context.writeAndFlush(NIOAny(acceptance.head), promise: nil)
        let compression = acceptance.deflate.flatMap { terms in
            service.compression[context.eventLoop].map { ($0, terms) }
        }
        let handler = WebSocketHandler(
            channel: context.channel, role: .server, tally: service.tally, compression: compression,
            peer: makePeer())
        let client = acceptance.client
        handler.connection.remoteAddress = client
        handler.connection.bar = { [gate = service.gate] now in gate.bar(client, at: now) }
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(handler, position: .after(self))
        } catch {
            // Only a closed channel takes no handler.
            return context.close(promise: nil)
        }
        pipeline.removeHandler(context: context, promise: nil)
        pipeline.removeHandler(decoder).assumeIsolated().whenComplete { _ in handler.beginReading() }
    }

    func setAutoRead(_ isOn: Bool, of channel: any Channel) {
        do {
            try channel.syncOptions?.setOption(.autoRead, value: isOn)
        } catch {
            // Only a closed channel refuses.
            channel.close(promise: nil)
        }
    }
}
