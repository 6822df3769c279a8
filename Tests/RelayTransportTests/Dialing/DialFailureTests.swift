// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import RelayTransport

extension Dialer {
    /// Has a name looked up, whoever waits for it.
    fileprivate func lookUp(_ host: String) -> EventLoopFuture<[SocketAddress]> {
        resolver.addresses(of: host, port: 1, on: MultiThreadedEventLoopGroup.singleton.next())
    }
}

@Suite struct DialFailureTests {
    private static func isTCP(_ error: DialError?) -> Bool {
        if case .tcp = error { true } else { false }
    }

    @Test func `a closed port is a TCP failure`() async throws {
        let server = try await ScriptedServer { _ in [] }
        try await server.close()
        try await Dialer.run { dialer in
            let error = await #expect(throws: DialError.self) {
                try await dialer.conversation(with: .local(server.port))
            }
            #expect(Self.isTCP(error))
        }
    }

    @Test func `the next address is tried when one is dead`() async throws {
        try await TestServer.run { server in
            try await Dialer.run(resolve: { _, port in
                try ["127.0.0.2", "::1", "127.0.0.1"].map { try SocketAddress(ipAddress: $0, port: port) }
            }) { dialer in
                let log = try await dialer.conversation(with: .local(server.port, host: "relay.test"))
                try await log.withConnection { #expect($0.remoteAddress?.ipAddress == "127.0.0.1") }
            }
        }
    }

    @Test func `only so many addresses are tried`() async throws {
        try await TestServer.run { server in
            try await Dialer.run(
                { $0.maxAddresses = 2 },
                resolve: { _, port in
                    try ["127.0.0.2", "127.0.0.3", "127.0.0.1"].map {
                        try SocketAddress(ipAddress: $0, port: port)
                    }
                }
            ) { dialer in
                let error = await #expect(throws: DialError.self) {
                    try await dialer.conversation(with: .local(server.port, host: "relay.test"))
                }
                #expect(Self.isTCP(error))
            }
        }
    }

    @Test func `a name that does not resolve says so`() async throws {
        struct NoSuchName: Error {}
        try await Dialer.run(resolve: { _, _ in throw NoSuchName() }) { dialer in
            await #expect(throws: DialError.dns("NoSuchName()")) {
                try await dialer.conversation(with: .local(1, host: "relay.test"))
            }
        }
        try await Dialer.run(resolve: { _, _ in [] }) { dialer in
            await #expect(throws: DialError.dns("no address")) {
                try await dialer.conversation(with: .local(1, host: "relay.test"))
            }
        }
    }

    @Test func `a resolver that hangs costs one time-out, and too many at once are not begun`() async throws {
        let gate = ConditionLock(value: 0)
        let begun = NIOLockedValueBox(0)
        try await Dialer.run(
            {
                $0.resolveTimeout = .milliseconds(100)
                $0.maxPendingResolutions = 1
            },
            resolve: { _, _ in
                begun.withLockedValue { $0 += 1 }
                gate.lock(whenValue: 1)
                gate.unlock()
                return []
            }
        ) { dialer in
            let target = DialTarget.local(1, host: "relay.test")
            _ = dialer.lookUp(target.host)
            try await eventually("a thread has begun", within: .seconds(60)) {
                begun.withLockedValue { $0 } == 1
            }
            await #expect(throws: DialError.timeout(.resolving)) {
                try await dialer.conversation(with: target)
            }
            let other = DialTarget.local(1, host: "other.test")
            await #expect(throws: DialError.busy) { try await dialer.conversation(with: other) }
            gate.lock()
            gate.unlock(withValue: 1)
        }
    }

    @Test func `a name whose turn to be resolved does not come is not held against it`() async throws {
        let gate = ConditionLock(value: 0)
        let begun = NIOLockedValueBox<Set<String>>([])
        try await Dialer.run({ $0.resolveTimeout = .milliseconds(100) }) { host, _ in
            begun.withLockedValue { _ = $0.insert(host) }
            gate.lock(whenValue: 1)
            gate.unlock()
            return []
        } _: { dialer in
            for number in 0..<40 { _ = dialer.lookUp("relay\(number).test") }
            try await eventually("every thread has a name", within: .seconds(60)) {
                begun.withLockedValue(\.count) == 16
            }
            let asked = begun.withLockedValue { $0 }
            for number in [0, 39] {
                let host = "relay\(number).test"
                let error: DialError = asked.contains(host) ? .timeout(.resolving) : .busy
                await #expect(throws: error) { try await dialer.conversation(with: .local(1, host: host)) }
            }
            let delays = (0..<40).map { dialer.resolver.delay(of: "relay\($0).test", port: 1) }
            #expect(delays.count { $0 == .timeout(.resolving) } == 16)
            #expect(delays.count { $0 == .busy } == 24)
            gate.lock()
            gate.unlock(withValue: 1)
        }
    }

    @Test func `an address needs no resolver, and so none of its threads`() async throws {
        try await TestServer.run { server in
            try await Dialer.run { dialer in
                _ = try await dialer.conversation(with: .local(server.port))
                #expect(!dialer.resolver.hasThreads)
            }
            try await Dialer.run(resolve: { try [SocketAddress(ipAddress: "127.0.0.1", port: $1)] }) {
                dialer in
                _ = try await dialer.conversation(with: .local(server.port, host: "relay.test"))
                #expect(dialer.resolver.hasThreads)
            }
        }
    }

    @Test func `a server that says nothing runs out of time`() async throws {
        let server = try await ScriptedServer { _ in [] }
        for (stage, isSecure) in [(DialStage.upgrading, false), (.securing, true)] {
            try await Dialer.timesOut(stage, after: .milliseconds(100), \.connectTimeout) { dialer in
                _ = try await dialer.conversation(with: .local(server.port, isSecure: isSecure))
            }
        }
        try await server.close()
    }

    @Test func `a cancelled task gives its dial up`() async throws {
        let server = try await ScriptedServer { _ in [] }
        try await Dialer.run { dialer in
            let dial = Task { try await dialer.conversation(with: .local(server.port)) }
            try await eventually("the request", within: .seconds(60)) { !server.received.isEmpty }
            dial.cancel()
            await #expect(throws: DialError.cancelled) { try await dial.value }
            let late = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await dialer.conversation(with: .local(server.port))
            }
            await #expect(throws: DialError.cancelled) { try await late.value }
        }
        try await server.close()
    }

    @Test func `a resolver that hangs does not hold up the end`() async throws {
        let gate = ConditionLock(value: 0)
        try await Dialer.run(
            { $0.resolveTimeout = .seconds(600) },
            resolve: { _, _ in
                gate.lock(whenValue: 1)
                gate.unlock()
                return []
            }
        ) { dialer in
            let target = DialTarget.local(1, host: "relay.test")
            let dial = Task { try await dialer.conversation(with: target) }
            try await eventually("the name at the resolver", within: .seconds(60)) {
                dialer.resolver.pending == 1
            }
            dialer.shutdown()
            await #expect(throws: DialError.cancelled) { try await dial.value }
            await #expect(throws: DialError.cancelled) { try await dialer.conversation(with: target) }
            gate.lock()
            gate.unlock(withValue: 1)
        }
    }

    @Test func `names that failed before keep no good name waiting, however many hang`() async throws {
        let gate = ConditionLock(value: 0)
        let asked = NIOLockedValueBox<[String: Int]>([:])
        try await Dialer.run({ $0.resolveTimeout = .seconds(600) }) { host, _ in
            let times = asked.withLockedValue { asked in
                asked[host, default: 0] += 1
                return asked[host] ?? 0
            }
            guard host.hasPrefix("bad") else { throw DialError.dns("looked up at once") }
            if times > 1 {
                gate.lock(whenValue: 1)
                gate.unlock()
            }
            throw DialError.dns("no such name")
        } _: { dialer in
            let bad = (0..<100).map { DialTarget.local(1, host: "bad\($0).test") }
            for target in bad {
                await #expect(throws: DialError.dns("no such name")) {
                    try await dialer.conversation(with: target)
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { hanging in
                for target in bad { hanging.addTask { _ = try? await dialer.conversation(with: target) } }
                try await eventually("all of them at the resolver", within: .seconds(60)) {
                    dialer.resolver.pending == bad.count
                }
                await #expect(throws: DialError.dns("looked up at once")) {
                    try await dialer.conversation(with: .local(1, host: "good.test"))
                }
                gate.lock()
                gate.unlock(withValue: 1)
                try await hanging.waitForAll()
            }
        }
    }

    @Test func `a name is looked up once at a time, and all who wait are answered`() async throws {
        let gate = ConditionLock(value: 0)
        let asked = NIOLockedValueBox(0)
        try await Dialer.run({ $0.resolveTimeout = .seconds(600) }) { _, _ in
            asked.withLockedValue { $0 += 1 }
            gate.lock(whenValue: 1)
            gate.unlock()
            throw DialError.dns("no such name")
        } _: { dialer in
            let target = DialTarget.local(1, host: "relay.test")
            let futures = (0..<20).map { _ in
                dialer.resolver.addresses(
                    of: target.host, port: target.port, on: MultiThreadedEventLoopGroup.singleton.next())
            }
            #expect(dialer.resolver.pending == 1)
            gate.lock()
            gate.unlock(withValue: 1)
            for future in futures {
                await #expect(throws: DialError.dns("no such name")) { try await future.get() }
            }
            #expect(asked.withLockedValue { $0 } == 1)
        }
    }
}
