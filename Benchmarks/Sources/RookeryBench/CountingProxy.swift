// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc

/// Passes bytes between whoever connects and a port, and counts them: what goes over the wire, frames, compression and all.
final class CountingProxy: @unchecked Sendable {
    // What changes is touched under the lock only.
    let port: Int
    private let listener: Int32
    private let target: Int
    private let lock = NSLock()
    private let copying = DispatchGroup()
    private var counted = Counts()

    /// **Bytes**, to the port and from it.
    struct Counts {
        /// Of WebSocket conversations, once they are open.
        var (up, down) = (0, 0)
        /// Of all that goes before: handshakes, and requests that are no conversation.
        var before = 0
    }

    init(to target: Int) throws {
        self.target = target
        (listener, port) = try LoopbackSocket.listen()
        Thread.detachNewThread { [self] in
            while case let client = accept(listener, nil, nil), client >= 0 { join(client) }
        }
    }

    /// Takes nobody any more, and waits until all have left.
    func finish() -> Counts {
        shutdown(listener, Int32(SHUT_RDWR))
        copying.wait()
        close(listener)
        return lock.withLock { counted }
    }

    private func join(_ client: Int32) {
        guard let server = LoopbackSocket.connect(to: target) else {
            close(client)
            return
        }
        for descriptor in [client, server] { LoopbackSocket.hurry(descriptor) }
        let ends = DispatchGroup()
        copying.enter()
        for (from, to) in [(client, server), (server, client)] {
            ends.enter()
            Thread.detachNewThread { [self] in
                let (head, rest) = Self.copy(from, to)
                lock.withLock {
                    counted.before += head
                    if from == client { counted.up += rest } else { counted.down += rest }
                }
                ends.leave()
            }
        }
        ends.notify(queue: .global()) { [self] in
            close(client)
            close(server)
            copying.leave()
        }
    }

    /// - Returns: the **bytes** of a head of HTTP and, of a conversation, those after it.
    private static func copy(_ from: Int32, _ to: Int32) -> (head: Int, rest: Int) {
        var (head, total, chunk) = ([UInt8](), 0, [UInt8](repeating: 0, count: 1 << 18))
        while case let count = recv(from, &chunk, chunk.count, 0), count > 0 {
            if total < 4096 { head += chunk[..<min(count, 4096)] }
            total += count
            var sent = 0
            while sent < count {
                let written = chunk[sent..<count].withUnsafeBytes {
                    send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard written > 0 else { break }
                sent += written
            }
        }
        shutdown(to, Int32(SHUT_WR))
        let text = String(decoding: head, as: UTF8.self)
        guard text.lowercased().contains("upgrade: websocket"), let end = text.range(of: "\r\n\r\n") else {
            return (total, 0)
        }
        let length = text[..<end.upperBound].utf8.count
        return (length, total - length)
    }
}
