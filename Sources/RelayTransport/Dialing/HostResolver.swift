// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// Turns names into addresses on threads of its own, as `getaddrinfo` blocks and cannot be stopped.
///
/// A name server that does not answer holds a thread for many seconds. So a name is looked up once at a time, however many
/// wait for it, and names that failed or were slow the last time have a few threads of their own: the others are not kept
/// waiting by them.
final class HostResolver: Sendable {
    /// Threads for names of which nothing bad is known; one costs little.
    private static let threads = 16
    private static let suspectThreads = 8
    /// A name that takes longer is suspect.
    private static let patience = TimeAmount.seconds(1)
    /// Suspects remembered; beyond it they are all forgotten, and met again.
    private static let suspectsMax = 4096

    private let pool = NIOThreadPool(numberOfThreads: threads)
    private let suspectPool = NIOThreadPool(numberOfThreads: suspectThreads)
    private let resolve: @Sendable (String, Int) throws -> [SocketAddress]
    private let maxPending: Int
    private let state = NIOLockedValueBox(State())

    private struct Name: Hashable {
        let host: String
        let port: Int
    }

    private struct State {
        /// Names given to a thread and not come back, and who waits for them; nobody after the end of the resolver.
        var lookups: [Name: [EventLoopPromise<[SocketAddress]>]] = [:]
        /// Those of them that a thread has begun with.
        var begun: Set<Name> = []
        /// Those of them that are suspect.
        var pendingSuspects = 0
        var suspects: Set<String> = []
        /// Whether there are threads: who dials addresses alone needs none.
        var hasThreads = false
        var isShutDown = false
    }

    init(maxPending: Int, resolve: @escaping @Sendable (String, Int) throws -> [SocketAddress]) {
        self.maxPending = maxPending
        self.resolve = resolve
    }

    /// Names given to a thread and not come back.
    var pending: Int { state.withLockedValue { $0.lookups.count } }

    /// Whether it has threads by now.
    var hasThreads: Bool { state.withLockedValue(\.hasThreads) }

    /// Why a name has no address yet: it waits for a thread of ours, or the system has been asked.
    func delay(of host: String, port: Int) -> DialError {
        let isBegun = state.withLockedValue { $0.begun.contains(Name(host: host, port: port)) }
        return isBegun ? .timeout(.resolving) : .busy
    }

    /// - Returns: fails with a ``DialError``.
    func addresses(
        of host: String, port: Int, on eventLoop: any EventLoop
    ) -> EventLoopFuture<[SocketAddress]> {
        if let literal = try? SocketAddress(ipAddress: host, port: port) {
            return eventLoop.makeSucceededFuture([literal])
        }
        let promise = eventLoop.makePromise(of: [SocketAddress].self)
        let name = Name(host: host, port: port)
        switch admit(promise, for: name) {
        case .lookUp(let isSuspect): lookUp(name, isSuspect: isSuspect)
        case .underWay: break
        case .refused(let error): promise.fail(error)
        }
        return promise.futureResult
    }

    private enum Admission {
        case lookUp(isSuspect: Bool)
        case underWay
        case refused(DialError)
    }

    private func admit(_ promise: EventLoopPromise<[SocketAddress]>, for name: Name) -> Admission {
        state.withLockedValue { state in
            if state.isShutDown { return .refused(.cancelled) }
            if state.lookups[name] != nil {
                state.lookups[name]?.append(promise)
                return .underWay
            }
            let isSuspect = state.suspects.contains(name.host)
            guard state.lookups.count < maxPending,
                !isSuspect || state.pendingSuspects < max(1, maxPending / 2)
            else { return .refused(.busy) }
            if !state.hasThreads {
                state.hasThreads = true
                pool.start()
                suspectPool.start()
            }
            state.lookups[name] = [promise]
            if isSuspect { state.pendingSuspects += 1 }
            return .lookUp(isSuspect: isSuspect)
        }
    }

    private func lookUp(_ name: Name, isSuspect: Bool) {
        (isSuspect ? suspectPool : pool).submit { [self] turn in
            // Nobody waits for it: everything that was owed has failed by now.
            guard case .active = turn else { return }
            state.withLockedValue { _ = $0.begun.insert(name) }
            let start = NIODeadline.now()
            let result = Result { try resolve(name.host, name.port) }
            let isGood = (try? result.get()) != nil && NIODeadline.now() - start < Self.patience
            let owed = state.withLockedValue { state in
                state.begun.remove(name)
                if isSuspect { state.pendingSuspects -= 1 }
                if isGood {
                    state.suspects.remove(name.host)
                } else {
                    if state.suspects.count >= Self.suspectsMax { state.suspects = [] }
                    state.suspects.insert(name.host)
                }
                return state.lookups.removeValue(forKey: name) ?? []
            }
            let answer = result.mapError { $0 as? DialError ?? DialError.dns("\($0)") as any Error }
            for promise in owed { promise.completeWith(answer) }
        }
    }

    /// Everything that is owed fails; threads end when the system lets them.
    func shutdown() {
        let owed = state.withLockedValue { state in
            state.isShutDown = true
            defer { for name in state.lookups.keys { state.lookups[name] = [] } }
            return state.lookups.values.flatMap(\.self)
        }
        for promise in owed { promise.fail(DialError.cancelled) }
        pool.shutdownGracefully { _ in }
        suspectPool.shutdownGracefully { _ in }
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
