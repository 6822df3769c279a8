// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc

/// Passes bytes between whoever connects and a port, and counts them: what goes over the wire, frames, compression and all.
final class CountingProxy: @unchecked Sendable {
    // The counts are written by one thread each, and read when those have ended; the rest is written before they start.
    let port: Int
    private let listener: Int32
    private let target: Int
    /// **Bytes** that went to the port, and that came from it.
    private(set) var (up, down) = (0, 0)
    private let threads = DispatchGroup()

    /// Takes one connection.
    init(to target: Int) throws {
        self.target = target
        (listener, port) = try LoopbackSocket.listen()
        Thread.detachNewThread { [self] in serve() }
    }

    /// Waits until both ends have closed.
    func wait() { threads.wait() }

    private func serve() {
        let client = accept(listener, nil, nil)
        close(listener)
        guard client >= 0, let server = LoopbackSocket.connect(to: target) else { return }
        for descriptor in [client, server] { LoopbackSocket.hurry(descriptor) }
        for (from, to) in [(client, server), (server, client)] {
            threads.enter()
            Thread.detachNewThread { [self] in
                let count = Self.copy(from, to)
                if from == client { up = count } else { down = count }
                threads.leave()
            }
        }
        threads.wait()
        close(client)
        close(server)
    }

    private static func copy(_ from: Int32, _ to: Int32) -> Int {
        var (total, chunk) = (0, [UInt8](repeating: 0, count: 1 << 18))
        while true {
            let count = recv(from, &chunk, chunk.count, 0)
            guard count > 0 else { break }
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
        return total
    }
}

/// Blocking sockets on 127.0.0.1.
enum LoopbackSocket {
    static func listen() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = address(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && Glibc.listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isListening else { throw MeasuredProcess.Failed(description: "no free port") }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    static func connect(to port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = address(port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, size) }
        }
        return result == 0 ? descriptor : nil
    }

    /// Small writes go out at once.
    static func hurry(_ descriptor: Int32) {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
