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

    private func admit(
        _ address: SocketAddress, isSecure: Bool = false, at second: Int64 = 0
    ) -> AddressPlace? {
        ledger.admit(address, .conversation, isSecure: isSecure, at: self.second(second))
    }

    @Test func `four connections may be open to a public address, whatever their ports`() throws {
        let places = try (1...4).map { try #require(admit(try address("1.1.1.1", $0))) }
        #expect(admit(try address("1.1.1.1", 5)) == nil)
        #expect(admit(try address("1.1.1.2")) != nil)
        let document = ledger.admit(try address("1.1.1.1"), .document, at: second(0))
        #expect(document != nil, "counted apart")
        places[1].release()
        places[1].release()
        #expect(admit(try address("1.1.1.1", 5)) != nil)
        #expect(admit(try address("1.1.1.1", 6)) == nil, "a place is released once")
    }

    @Test func `names that lead to a relay's address without its consent do not keep it from being dialled`()
        throws
    {
        let relay = try address("1.1.1.1")
        for _ in 0..<9 { _ = admit(relay) }
        // Names whose certificate is somebody else's fail at once.
        for second in Int64(0)..<3 { try #require(admit(relay, isSecure: true, at: second)).release() }
        let place = try #require(admit(relay, isSecure: true, at: 3))
        place.certify()
        for _ in 0..<4 {
            let another = try #require(admit(relay, isSecure: true, at: 100))
            another.certify()
        }
        #expect(admit(relay, isSecure: true, at: 200) != nil, "certified names take no place of the others")
    }

    @Test func `certified names are many more, and bounded too`() throws {
        let relay = try address("1.1.1.1")
        var places: [AddressPlace] = []
        for minute in Int64(0)..<100 {
            guard let place = admit(relay, isSecure: true, at: minute * 60) else { break }
            place.certify()
            places.append(place)
        }
        #expect(places.count == 36)
        places[0].release()
        #expect(admit(relay, isSecure: true, at: 9000) == nil, "a certified place is free, and no other")
        places[35].release()
        #expect(admit(relay, isSecure: true, at: 9000) != nil)
    }

    @Test func `six dials a minute, and more when the minute has passed`() throws {
        let target = try address("2606:4700::1111")
        for number in 0..<6 { try #require(admit(target, at: Int64(number))).release() }
        #expect(admit(target, at: 59) == nil)
        try #require(admit(target, at: 60)).release()
        #expect(admit(target, at: 60) == nil)
    }

    @Test func `an address is the same however it is written`() throws {
        for _ in 0..<4 { #expect(admit(try address("1.1.1.1")) != nil) }
        #expect(admit(try address("::ffff:1.1.1.1")) == nil)
    }

    @Test func `the addresses of one IPv6 network count as one, and its neighbours do not`() throws {
        for host in 1...4 { #expect(admit(try address("2606:4700::\(host)")) != nil) }
        #expect(admit(try address("2606:4700::ffff:5")) == nil)
        #expect(admit(try address("2606:4700:0:1::5")) != nil)
        for host in 1...9 { #expect(admit(try address("fd00::\(host)")) != nil, "private") }
    }

    @Test func `private addresses count by port, and their dials are not counted`() throws {
        let target = try address("127.0.0.1", 1)
        for _ in 0..<50 { try #require(admit(target)).release() }
        for _ in 0..<4 { #expect(admit(target) != nil) }
        #expect(admit(target) == nil)
        #expect(admit(try address("127.0.0.1", 2)) != nil)
    }

    @Test func `what is forgotten takes no room`() throws {
        for number in 0..<10_000 {
            let target = try address("8.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)")
            try #require(admit(target, at: Int64(number))).release()
        }
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
