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
    private let state = NIOLockedValueBox(State())

    private struct State {
        /// Names given to a thread and not come back.
        var pending = 0
        /// What is owed for them, by number; an end of the resolver pays it.
        var owed: [UInt64: EventLoopPromise<[SocketAddress]>] = [:]
        var nextNumber: UInt64 = 0
        var isShutDown = false
    }

    init(maxPending: Int, resolve: @escaping @Sendable (String, Int) throws -> [SocketAddress]) {
        self.maxPending = maxPending
        self.resolve = resolve
        pool.start()
    }

    /// Names given to a thread and not come back.
    var pending: Int { state.withLockedValue { $0.pending } }

    /// - Returns: fails with a ``DialError``.
    func addresses(
        of host: String, port: Int, on eventLoop: any EventLoop
    ) -> EventLoopFuture<[SocketAddress]> {
        if let literal = try? SocketAddress(ipAddress: host, port: port) {
            return eventLoop.makeSucceededFuture([literal])
        }
        let promise = eventLoop.makePromise(of: [SocketAddress].self)
        do throws(DialError) {
            let number = try admit(promise)
            pool.submit { [self] _ in
                let result = Result { try resolve(host, port) }
                settle(number, result.mapError { $0 as? DialError ?? .dns("\($0)") })
            }
        } catch {
            promise.fail(error)
        }
        return promise.futureResult
    }

    private func admit(_ promise: EventLoopPromise<[SocketAddress]>) throws(DialError) -> UInt64 {
        let number: Result<UInt64, DialError> = state.withLockedValue { state in
            if state.isShutDown { return .failure(.cancelled) }
            guard state.pending < maxPending else { return .failure(.busy) }
            state.pending += 1
            state.nextNumber += 1
            state.owed[state.nextNumber] = promise
            return .success(state.nextNumber)
        }
        return try number.get()
    }

    private func settle(_ number: UInt64, _ result: Result<[SocketAddress], DialError>) {
        let promise = state.withLockedValue { state in
            state.pending -= 1
            return state.owed.removeValue(forKey: number)
        }
        promise?.completeWith(result.mapError { $0 as any Error })
    }

    /// Everything that is owed fails; threads end when the system lets them.
    func shutdown() {
        let owed = state.withLockedValue { state in
            state.isShutDown = true
            defer { state.owed = [:] }
            return state.owed.values
        }
        for promise in owed { promise.fail(DialError.cancelled) }
        pool.shutdownGracefully { _ in }
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
