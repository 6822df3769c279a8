// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// Sending what many connections are sent.
extension WebSocketConnection {
    /// Whether texts are compressed for this connection, so that it cannot share frames.
    public var isCompressing: Bool { compression != nil }

    /// Appends frames of a strip, which are not copied when they follow those that were appended last.
    ///
    /// Sent by ``flush()``; best after the strip was sealed. That it is called on the event loop is checked in debug
    /// builds only, as it is called for every delivery.
    public func send(_ frames: Range<Int>, of strip: FrameStrip) {
        eventLoop.assertInEventLoop()
        precondition(role == .server && compression == nil, "the frames of a strip are plain and unmasked")
        guard isOpen else { return }
        if let run, run.strip === strip, run.frames.upperBound == frames.lowerBound {
            self.run = (strip, run.frames.lowerBound..<frames.upperBound)
        } else {
            handOverRun()
            run = (strip, frames)
        }
        didAppend()
    }

    /// Bytes that were appended and that the channel has not got.
    var appendedBytes: Int { burst.readableBytes + (run?.frames.count ?? 0) }

    /// Puts the frames of the run where others can follow them.
    func settleRun() {
        guard let (strip, frames) = run else { return }
        run = nil
        reserveBurst()
        strip.copy(frames, to: &burst)
    }

    /// Gives the frames of the run to the channel if that takes no copy.
    private func handOverRun() {
        guard let (strip, frames) = run else { return }
        guard let slice = strip.slice(frames) else { return settleRun() }
        run = nil
        handOverBurst()
        handOver(slice)
    }

    /// What the run comes to as a buffer of its own; otherwise it is in the burst buffer now.
    func takeRun() -> ByteBuffer? {
        guard let (strip, frames) = run else { return nil }
        guard let slice = strip.slice(frames) else {
            settleRun()
            return nil
        }
        run = nil
        return slice
    }
}
