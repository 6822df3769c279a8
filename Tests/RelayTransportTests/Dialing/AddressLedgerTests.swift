// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NostrCore
import TestSupport
import Testing

@testable import RelayTransport

/// At most so many connections to one address, and dials a minute.
@Suite(.timeLimit(.minutes(1))) struct AddressLedgerTests {
    private let ledger = AddressLedger(DialOptions())
    private func address(_ text: String, _ port: Int = 443) throws -> SocketAddress {
        try SocketAddress(ipAddress: text, port: port)
    }
    private func second(_ count: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(count) }

    @Test func `four connections may be open to a public address, whatever their ports`() throws {
        for port in 1...4 {
            #expect(ledger.admit(try address("1.1.1.1", port), .conversation, at: second(0)))
        }
        #expect(!ledger.admit(try address("1.1.1.1", 5), .conversation, at: second(0)))
        #expect(ledger.admit(try address("1.1.1.2"), .conversation, at: second(0)))
        #expect(ledger.admit(try address("1.1.1.1"), .document, at: second(0)), "counted apart")
        ledger.release(try address("1.1.1.1", 2), .conversation)
        #expect(ledger.admit(try address("1.1.1.1", 5), .conversation, at: second(0)))
    }

    @Test func `six dials a minute, and more when the minute has passed`() throws {
        let target = try address("2606:4700::1111")
        for number in 0..<6 {
            #expect(ledger.admit(target, .conversation, at: second(Int64(number))))
            ledger.release(target, .conversation)
        }
        #expect(!ledger.admit(target, .conversation, at: second(59)))
        #expect(ledger.admit(target, .conversation, at: second(60)))
        ledger.release(target, .conversation)
        #expect(!ledger.admit(target, .conversation, at: second(60)))
    }

    @Test func `an address is the same however it is written`() throws {
        for _ in 0..<4 { #expect(ledger.admit(try address("1.1.1.1"), .conversation, at: second(0))) }
        #expect(!ledger.admit(try address("::ffff:1.1.1.1"), .conversation, at: second(0)))
    }

    @Test func `the addresses of one IPv6 network count as one, and its neighbours do not`() throws {
        for host in 1...4 {
            #expect(ledger.admit(try address("2606:4700::\(host)"), .conversation, at: second(0)))
        }
        #expect(!ledger.admit(try address("2606:4700::ffff:5"), .conversation, at: second(0)))
        #expect(ledger.admit(try address("2606:4700:0:1::5"), .conversation, at: second(0)))
        for host in 1...9 {
            #expect(ledger.admit(try address("fd00::\(host)"), .conversation, at: second(0)), "private")
        }
    }

    @Test func `private addresses count by port, and their dials are not counted`() throws {
        let target = try address("127.0.0.1", 1)
        for _ in 0..<50 {
            #expect(ledger.admit(target, .conversation, at: second(0)))
            ledger.release(target, .conversation)
        }
        for _ in 0..<4 { #expect(ledger.admit(target, .conversation, at: second(0))) }
        #expect(!ledger.admit(target, .conversation, at: second(0)))
        #expect(ledger.admit(try address("127.0.0.1", 2), .conversation, at: second(0)))
    }

    @Test func `what is forgotten takes no room`() throws {
        for number in 0..<10_000 {
            let target = try address("8.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)")
            #expect(ledger.admit(target, .conversation, at: second(Int64(number))))
            ledger.release(target, .conversation)
        }
        #expect(ledger.count <= 4200)
        ledger.release(try address("127.0.0.1"), .conversation)
        #expect(ledger.count <= 4200)
    }

    @Test func `a fifth relay at one place is not dialled, unless the operator named it`() async throws {
        let relay = try await ScriptedRelay()
        try await Dialer.run({ $0.allowPrivateAddresses = true }) { dialer in
            let target = DialTarget.local(relay.port)
            for _ in 0..<4 { _ = try await dialer.conversation(with: target, trust: .namedByStrangers) }
            await #expect(throws: DialError.refused(.busyAddress)) {
                try await dialer.conversation(with: target, trust: .namedByStrangers)
            }
            #expect(relay.record.connections == 4)
            _ = try await dialer.conversation(with: target, trust: .operatorNamed)
            relay.hangUp()
            try await eventually("room for another") {
                (try? await dialer.conversation(with: target, trust: .namedByStrangers)) != nil
            }
        }
    }

    @Test func `the next address is tried when one has enough`() async throws {
        let relay = try await ScriptedRelay()
        try await Dialer.run(
            { options in
                options.allowPrivateAddresses = true
                options.connectionsPerAddress = 0
            },
            resolve: { _, port in [try SocketAddress(ipAddress: "127.0.0.1", port: port)] }
        ) { dialer in
            await #expect(throws: DialError.refused(.busyAddress)) {
                try await dialer.conversation(
                    with: .local(relay.port, host: "relay.test"), trust: .namedByStrangers)
            }
        }
        #expect(relay.record.connections == 0)
    }
}
