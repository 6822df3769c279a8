// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import Testing

@testable import RelayTransport

@Suite struct AddressGuardTests {
    @Test(
        arguments: [
            ("0.0.0.0", .unspecified), ("0.1.2.3", .unspecified), ("127.0.0.1", .loopback),
            ("127.255.255.254", .loopback),
            ("10.0.0.1", .privateUse), ("172.16.0.1", .privateUse), ("172.31.255.255", .privateUse),
            ("172.15.255.255", .global), ("172.32.0.0", .global), ("192.168.1.1", .privateUse),
            ("192.169.0.1", .global),
            ("100.64.0.1", .sharedNetwork), ("100.127.255.255", .sharedNetwork), ("100.63.255.255", .global),
            ("100.128.0.0", .global), ("100.100.100.200", .metadata), ("169.254.169.254", .metadata),
            ("169.254.170.2", .metadata), ("169.254.0.1", .linkLocal), ("168.63.129.16", .metadata),
            ("192.0.0.192", .metadata), ("192.0.0.1", .reserved), ("192.0.2.7", .documentation),
            ("198.51.100.7", .documentation), ("203.0.113.7", .documentation), ("198.18.0.1", .benchmarking),
            ("198.19.255.255", .benchmarking), ("198.20.0.0", .global), ("192.88.99.1", .reserved),
            ("224.0.0.1", .multicast), ("239.255.255.255", .multicast), ("233.252.0.1", .documentation),
            ("240.0.0.1", .reserved), ("255.255.255.255", .broadcast), ("1.1.1.1", .global),
            ("93.184.216.34", .global),
            ("::", .unspecified), ("::1", .loopback), ("::2", .unspecified), ("fe80::1", .linkLocal),
            ("febf::1", .linkLocal), ("fec0::1", .privateUse), ("fc00::1", .privateUse),
            ("fdff::1", .privateUse),
            ("fd00:ec2::254", .metadata), ("ff02::1", .multicast), ("2001:db8::1", .documentation),
            ("3fff::1", .documentation),
            ("2001:2::1", .benchmarking), ("2001:10::1", .reserved), ("2606:4700::1111", .global),
            ("2a01:4f8::1", .global),
            ("4000::1", .reserved), ("100::1", .reserved), ("5f00::1", .reserved),
            ("::ffff:127.0.0.1", .loopback), ("::ffff:10.1.2.3", .privateUse), ("::ffff:1.1.1.1", .global),
            ("::ffff:169.254.169.254", .metadata), ("::ffff:0:127.0.0.1", .loopback),
            ("::127.0.0.1", .loopback),
            ("64:ff9b::7f00:1", .loopback), ("64:ff9b::808:808", .global), ("64:ff9b:1::a00:1", .privateUse),
            ("2002:7f00:1::1", .loopback), ("2002:c0a8:101::1", .privateUse), ("2002:808:808::1", .global),
            ("2001:0:4136:e378:8000:63bf:3fff:fdd2", .documentation), ("2001:0:1:2:3:4:80ff:fffe", .loopback),
            ("2606:4700::5efe:7f00:1", .loopback), ("2606:4700::200:5efe:a00:1", .privateUse),
        ] as [(String, AddressClass)])
    func `an address has its class`(address: String, expected: AddressClass) throws {
        #expect(AddressClass(try SocketAddress(ipAddress: address, port: 443)) == expected)
    }

    @Test func `a socket file is no address`() throws {
        #expect(AddressClass(try SocketAddress(unixDomainSocketPath: "/run/x")) == .notInternet)
    }

    private let strict = AddressGuard(trust: .namedByStrangers, options: DialOptions())
    private let operators = AddressGuard(trust: .operatorNamed, options: DialOptions())

    @Test(
        arguments: [
            ("localhost", .localName), ("LOCALHOST.", .localName), ("a.localhost", .localName),
            ("printer.local", .localName),
            ("db.internal", .localName), ("nas.lan", .localName), ("router.home.arpa", .localName),
            ("abc.onion", .onion), ("ABC.ONION.", .onion), ("", .badHost), (".", .badHost), ("a b", .badHost),
            ("a/b", .badHost), ("a\r\nb", .badHost), ("relay.example.com", nil), ("notlocalhost", nil),
            ("onion.example", nil),
        ] as [(String, DialRefusal?)])
    func `a stranger's name is looked at before it is resolved`(host: String, expected: DialRefusal?) {
        #expect(strict.refusal(of: host) == expected)
    }

    @Test func `the operator may name this machine and still no hidden service`() {
        #expect(operators.refusal(of: "localhost") == nil)
        #expect(operators.refusal(of: "x.onion") == .onion)
        var options = DialOptions()
        options.allowPrivateAddresses = true
        #expect(AddressGuard(trust: .namedByStrangers, options: options).refusal(of: "localhost") == nil)
    }

    @Test func `only the addresses that pass are dialled`() throws {
        let addresses = try ["127.0.0.1", "1.1.1.1", "10.0.0.1"].map {
            try SocketAddress(ipAddress: $0, port: 1)
        }
        #expect(try strict.allowed(addresses) == [addresses[1]])
        #expect(try operators.allowed(addresses) == addresses)
        #expect(throws: DialError.refused(.address(.loopback))) {
            try strict.allowed([addresses[0], addresses[2]])
        }
        #expect(throws: DialError.dns("no address")) { try strict.allowed([]) }
    }

    @Test(arguments: ["169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255"])
    func `some addresses are for nobody`(address: String) throws {
        let address = try SocketAddress(ipAddress: address, port: 80)
        #expect(throws: DialError.refused(.address(AddressClass(address)))) {
            try operators.allowed([address])
        }
    }
}
