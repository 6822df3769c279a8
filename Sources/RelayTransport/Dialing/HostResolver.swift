// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// Turns names into addresses on threads of its own, as `getaddrinfo` blocks and cannot be stopped.
final class HostResolver: Sendable {
    /// A few slow names must not keep the others waiting; a thread costs little.
    private static let threads = 8

    private let pool = NIOThreadPool(numberOfThreads: threads)
    private let resolve: @Sendable (String, Int) throws -> [SocketAddress]
    private let maxPending: Int
    private let pending = NIOLockedValueBox(0)

    init(maxPending: Int, resolve: @escaping @Sendable (String, Int) throws -> [SocketAddress]) {
        self.maxPending = maxPending
        self.resolve = resolve
        pool.start()
    }

    /// - Returns: fails with a ``DialError``.
    func addresses(
        of host: String, port: Int, on eventLoop: any EventLoop
    ) -> EventLoopFuture<[SocketAddress]> {
        if let literal = try? SocketAddress(ipAddress: host, port: port) {
            return eventLoop.makeSucceededFuture([literal])
        }
        let isBusy = pending.withLockedValue { pending in
            if pending >= maxPending { return true }
            pending += 1
            return false
        }
        if isBusy { return eventLoop.makeFailedFuture(DialError.busy) }
        return pool.runIfActive(eventLoop: eventLoop) { [self] in
            defer { pending.withLockedValue { $0 -= 1 } }
            return try resolve(host, port)
        }
        .flatMapErrorThrowing { error in
            throw error as? DialError
                ?? (error is NIOThreadPoolError.ThreadPoolInactive ? .cancelled : .dns("\(error)"))
        }
    }

    func shutdown() async {
        do {
            try await pool.shutdownGracefully()
        } catch {
            // It was shut down before.
            return
        }
    }
}

extension HostResolver {
    /// Asks the system.
    static func system(_ host: String, _ port: Int) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        guard status == 0 else { throw DialError.dns(String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var entry = list
        while let info = entry?.pointee {
            if let address = address(info) { addresses.append(address) }
            entry = info.ai_next
        }
        return addresses
    }

    private static func address(_ info: addrinfo) -> SocketAddress? {
        guard let pointer = UnsafeRawPointer(info.ai_addr) else { return nil }
        return switch info.ai_family {
        case AF_INET: SocketAddress(pointer.loadUnaligned(as: sockaddr_in.self))
        case AF_INET6: SocketAddress(pointer.loadUnaligned(as: sockaddr_in6.self))
        default: nil
        }
    }
}
