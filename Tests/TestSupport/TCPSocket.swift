// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NIOConcurrencyHelpers
import Synchronization

/// A plain blocking socket on loopback, every call with a deadline.
final class TCPSocket: Sendable {
    /// What went wrong, and the `errno`.
    struct Failure: Error, CustomStringConvertible {
        let call: String
        let code: Int32
        var description: String { "\(call): \(String(cString: strerror(code)))" }
    }

    private static let quietly = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    private let box: NIOLockedValueBox<Int32>

    init(descriptor: Int32) {
        box = NIOLockedValueBox(descriptor)
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Connects to `127.0.0.1:port`.
    ///
    /// - Parameter receiveBuffer: bytes that the kernel may hold for us; small for readers that stop reading.
    convenience init(connectingTo port: Int, receiveBuffer: Int32? = nil) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
        if var receiveBuffer {
            setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = Self.loopback(port)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            Glibc.close(descriptor)
            throw Failure(call: "connect to port \(port)", code: code)
        }
        self.init(descriptor: descriptor)
    }

    deinit { close() }

    static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// Writes all of `bytes`.
    func write(_ bytes: [UInt8], within limit: Duration = patience) throws {
        let deadline = ContinuousClock.now + limit
        var sent = 0
        while sent < bytes.count {
            try wait(for: POLLOUT, until: deadline, limit)
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Self.quietly)
            }
            if count < 0 && (errno == EAGAIN || errno == EINTR) { continue }
            guard count > 0 else { throw Failure(call: "send", code: errno) }
            sent += count
        }
    }

    /// Reads what is there, at least one byte; empty at the end of the stream or after a reset.
    func read(within limit: Duration) throws -> [UInt8] {
        try wait(for: POLLIN, until: ContinuousClock.now + limit, limit)
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.recv(descriptor, &chunk, chunk.count, 0)
        if count < 0 && errno == ECONNRESET { return [] }
        guard count >= 0 else { throw Failure(call: "recv", code: errno) }
        return Array(chunk[..<count])
    }

    /// Tells the other side that no more will come.
    func finishWriting() { Glibc.shutdown(descriptor, Int32(SHUT_WR)) }

    /// Ends both directions at once, waking whoever reads; the descriptor stays ours.
    func shutdown() { Glibc.shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Makes ``close()`` send a reset instead of an orderly end.
    func resetOnClose() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }

    func close() {
        box.withLockedValue { descriptor in
            if descriptor >= 0 { Glibc.close(descriptor) }
            descriptor = -1
        }
    }

    fileprivate var descriptor: Int32 { box.withLockedValue { $0 } }

    fileprivate func wait(for events: Int32, until deadline: ContinuousClock.Instant, _ limit: Duration)
        throws
    {
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { throw TimedOut("the socket", after: limit) }
            let (seconds, attoseconds) = left.components
            let milliseconds = Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
            var poll = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let ready = Glibc.poll(&poll, 1, milliseconds)
            if ready > 0 { return }
            if ready < 0 && errno != EINTR { throw Failure(call: "poll", code: errno) }
        }
    }
}

extension TCPSocket {
    /// A port on 127.0.0.1 that nobody listens on now, and that the kernel gives to nobody else.
    ///
    /// It lies below Linux's ephemeral ports (32768 to 60999). One of those could be the near end of any connection that is
    /// opened between this answer and the listening, and listening would fail.
    static func freePort() throws -> Int {
        let (lowest, count) = (10_000, 22_000)
        for _ in 0..<count {
            // Processes that run side by side begin far from each other.
            let turn = turns.wrappingAdd(1, ordering: .relaxed).newValue
            let port = lowest + (Int(getpid()) * 7_919 + turn) % count
            guard let (listener, _) = try? listen(on: port) else { continue }
            listener.close()
            return port
        }
        throw Failure(call: "listen on any port", code: EADDRINUSE)
    }

    private static let turns = Atomic(0)

    /// A listening socket and its port.
    static func listen(on port: Int) throws -> (TCPSocket, Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
        let listener = TCPSocket(descriptor: descriptor)
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = loopback(port)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                Glibc.bind(descriptor, address, size) == 0 && Glibc.listen(descriptor, 64) == 0
                    && getsockname(descriptor, address, &size) == 0
            }
        }
        guard result else { throw Failure(call: "listen on port \(port)", code: errno) }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// The next connection to a listening socket.
    func accept(within limit: Duration) throws -> TCPSocket {
        try wait(for: POLLIN, until: ContinuousClock.now + limit, limit)
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else { throw Failure(call: "accept", code: errno) }
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        return TCPSocket(descriptor: accepted)
    }
}
