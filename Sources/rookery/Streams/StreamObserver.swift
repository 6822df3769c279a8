// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Told of what happens in streams: it must only take note.
protocol StreamObserver: Sendable {
    /// A conversation is to be had from now on.
    func begins(_ line: StreamLine)
    func happened(_ fact: StreamFact, in line: StreamLine)
    func stands(_ snapshot: StreamSnapshot, in line: StreamLine)
    func moved(received: Int, sent: Int, in line: StreamLine)
    /// It is no stream any more.
    func left(_ line: StreamLine)
}
