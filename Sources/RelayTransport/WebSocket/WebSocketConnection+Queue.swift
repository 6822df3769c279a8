// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// The outbound queue and its bounds.
extension WebSocketConnection {
    /// Hands the burst buffer to the socket.
    ///
    /// - Parameter promise: kept when everything so far has left for the kernel.
    func flush(promise: EventLoopPromise<Void>?) {
        guard appendedBytes > 0 || promise != nil else { return }
        if let frames = takeRun() {
            handOverBurst()
            handOver(frames, promise: promise)
        } else {
            handOverBurst(promise: promise)
        }
        channel.flush()
        queueChanged()
    }

    /// Hands the burst buffer to the channel without flushing it; an empty one only where there is a promise to keep.
    func handOverBurst(promise: EventLoopPromise<Void>? = nil) {
        let bytes = burst
        guard bytes.readableBytes > 0 || promise != nil else { return }
        burstCapacity = min(max(256, bytes.readableBytes), Self.burstLength)
        burst = ByteBuffer()
        handOver(bytes, promise: promise)
    }

    /// Writes to the channel without flushing it.
    func handOver(_ bytes: ByteBuffer, promise: EventLoopPromise<Void>? = nil) {
        writtenBytes += bytes.readableBytes
        channelBytes += bytes.readableBytes
        channel.write(bytes, promise: promise)
    }

    /// After every appended frame: keeps the bounds.
    func didAppend() {
        if burst.readableBytes >= Self.burstLength { return flush(promise: nil) }
        // An upper bound, as the channel may have sent more by now: enough to know that all is well.
        if channelBytes + appendedBytes > limits.highWaterMark { queueChanged() }
    }

    /// The channel sent something, or was given something.
    func queueChanged() {
        askChannel()
        let queued = channelBytes + appendedBytes
        if isWritable, queued > limits.highWaterMark {
            isWritable = false
            handler?.writabilityCrossed()
        } else if !isWritable, queued < limits.lowWaterMark {
            isWritable = true
            handler?.writabilityCrossed()
        }
        handler?.queueSeen(queuedBytes: queued, drainedBytes: writtenBytes - channelBytes)
        let isHopeless = queued > limits.maxQueuedBytes
        if isOpen, isHopeless || !isWritable && tally.queuedBytes > limits.maxQueuedBytesInTotal {
            handler?.readerIsTooSlow()
        }
        watchDrain()
    }

    /// Sees to it that the counts are right again when the channel is empty: it tells of its low-water mark only.
    private func watchDrain() {
        guard channelBytes > 0, !isWatchingDrain else { return }
        isWatchingDrain = true
        let drained = eventLoop.makePromise(of: Void.self)
        drained.futureResult.assumeIsolated().whenComplete { [self] _ in
            isWatchingDrain = false
            queueChanged()
        }
        channel.writeAndFlush(ByteBuffer(), promise: drained)
    }

    /// Learns how many bytes still wait in the channel.
    func askChannel() {
        guard channelBytes > 0 else { return settle(0) }
        do {
            settle(try channel.syncOptions?.getOption(.bufferedWritableBytes) ?? 0)
        } catch {
            // A closed channel has no queue.
            settle(0)
        }
    }

    /// The channel is gone and its queue with it.
    func queueVanished() {
        burst = ByteBuffer()
        run = nil
        settle(0)
    }

    private func settle(_ bytes: Int) {
        channelBytes = bytes
        guard bytes != countedBytes else { return }
        tally.addQueuedBytes(bytes - countedBytes)
        countedBytes = bytes
    }
}
