// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc

/// The floor of a fan-out: one thread that writes what a publisher sends to every subscriber's socket, and does nothing
/// else. It reads no JSON, checks no signature and keeps nothing.
///
/// It speaks just enough WebSocket for ``LoadConnection``: whoever says `REQ` is told `EOSE` and gets every later
/// `EVENT` under the subscription `live`.
final class BareFanOut: @unchecked Sendable {
    // Written before the thread starts, and by the thread alone afterwards.
    let port: Int
    private let listener: Int32
    private let isOver = Flag()
    private var clients: [Int32: [UInt8]] = [:]
    private var subscribers: [Int32] = []

    init() throws {
        (listener, port) = try Self.listen()
        Thread.detachNewThread { [self] in serve() }
    }

    func stop() { isOver.raise() }

    private func serve() {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while !isOver.isRaised {
            var polls = ([listener] + clients.keys).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            // Nobody comes or goes while events are passed on: the list is made anew only then.
            repeat {
                guard poll(&polls, nfds_t(polls.count), 100) > 0 else { continue }
                for poll in polls where poll.revents != 0 { read(poll.fd, &chunk) }
            } while !isOver.isRaised && polls.count == clients.count + 1
        }
        for descriptor in clients.keys { close(descriptor) }
        close(listener)
    }

    private func read(_ descriptor: Int32, _ chunk: inout [UInt8]) {
        if descriptor == listener { return accept() }
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { return leave(descriptor) }
        clients[descriptor, default: []] += chunk[..<count]
        hear(descriptor)
    }

    private func accept() {
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        clients[descriptor] = []
    }

    private func leave(_ descriptor: Int32) {
        clients[descriptor] = nil
        subscribers.removeAll { $0 == descriptor }
        close(descriptor)
    }

    /// A handshake's head first, frames afterwards.
    private func hear(_ descriptor: Int32) {
        guard var bytes = clients[descriptor] else { return }
        if bytes.first == UInt8(ascii: "G") {
            guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
            bytes.removeFirst(end.upperBound)
            send(Array("HTTP/1.1 101 Switching Protocols\r\n\r\n".utf8), to: descriptor)
        }
        while let (payload, end) = Self.frame(in: bytes) {
            answer(bytes[payload], of: descriptor)
            bytes.removeFirst(end)
        }
        clients[descriptor] = bytes
    }

    private func answer(_ payload: ArraySlice<UInt8>, of descriptor: Int32) {
        guard payload.starts(with: Array("[\"EVENT\",".utf8)) else {
            subscribers.append(descriptor)
            return send(Self.framed(Array("[\"EOSE\",\"live\"]".utf8)), to: descriptor)
        }
        let frame = Self.framed(Array("[\"EVENT\",\"live\",".utf8) + payload.dropFirst(9))
        for subscriber in subscribers { send(frame, to: subscriber) }
    }

    private func send(_ bytes: [UInt8], to descriptor: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }
}

// MARK: - Sockets and frames

extension BareFanOut {
    private static func listen() throws -> (Int32, Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && Glibc.listen(descriptor, 1024) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isListening else { throw LoadConnection.Failed(description: "cannot listen") }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    private static func frame(in bytes: [UInt8]) -> (payload: Range<Int>, end: Int)? {
        guard bytes.count >= 2 else { return nil }
        var (at, length) = (2, Int(bytes[1] & 0x7F))
        let width = length == 126 ? 2 : length == 127 ? 8 : 0
        guard bytes.count >= at + width else { return nil }
        if width > 0 { length = bytes[at..<at + width].reduce(0) { $0 << 8 | Int($1) } }
        // The load generator masks with zero.
        at += width + 4
        return bytes.count >= at + length ? (at..<at + length, at + length) : nil
    }

    private static func framed(_ payload: [UInt8]) -> [UInt8] {
        let count = payload.count
        if count < 126 { return [0x81, UInt8(count)] + payload }
        if count < 65_536 { return [0x81, 126, UInt8(count >> 8), UInt8(count & 255)] + payload }
        return [0x81, 127] + (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) } + payload
    }

    /// Raised once, seen by another thread.
    private final class Flag: @unchecked Sendable {
        // Guarded by `lock`.
        private let lock = NSLock()
        private var isUp = false

        var isRaised: Bool { lock.withLock { isUp } }
        func raise() { lock.withLock { isUp = true } }
    }
}
