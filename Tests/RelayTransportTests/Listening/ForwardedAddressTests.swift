// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import NostrCore
import Testing

@testable import RelayTransport

@Suite struct ForwardedAddressTests {
    private let forwarded = ForwardedAddress(
        trusted: ["127.0.0.1", "10.0.0.0/8", "::1"].compactMap(AddressPrefix.init))

    private func client(_ peer: String, _ lines: String...) throws -> String? {
        let headers = HTTPHeaders(lines.map { ("x-forwarded-for", $0) })
        return forwarded.client(of: headers, from: try SocketAddress(ipAddress: peer, port: 1))?.ipAddress
    }

    @Test func `the last one who is not trusted asks`() throws {
        #expect(try client("127.0.0.1", "192.0.2.1") == "192.0.2.1")
        #expect(try client("::1", "6.6.6.6, 192.0.2.1") == "192.0.2.1")
        #expect(try client("10.1.2.3", "6.6.6.6,192.0.2.1 ,10.9.9.9,127.0.0.1") == "192.0.2.1")
        #expect(try client("10.1.2.3", "6.6.6.6", "192.0.2.1, 10.9.9.9") == "192.0.2.1")
        #expect(try client("::ffff:10.1.2.3", "192.0.2.1:4711") == "192.0.2.1")
        #expect(try client("127.0.0.1", "\t2001:db8::7 ") == "2001:db8::7")
        #expect(try client("127.0.0.1", "[2001:db8::7]:80") == "2001:db8::7")
    }

    @Test func `who is not trusted speaks for himself`() throws {
        #expect(try client("192.0.2.9", "198.51.100.1") == "192.0.2.9")
        #expect(try client("::2", "198.51.100.1") == "::2")
    }

    @Test func `nothing usable leaves the one who said so`() throws {
        #expect(try client("127.0.0.1") == "127.0.0.1")
        #expect(try client("127.0.0.1", "") == "127.0.0.1")
        #expect(try client("127.0.0.1", "unknown") == "127.0.0.1")
        #expect(try client("127.0.0.1", "192.0.2.1, garbage, 10.0.0.1") == "10.0.0.1")
        #expect(try client("127.0.0.1", "10.0.0.1, 10.0.0.2") == "10.0.0.1")
        #expect(try client("127.0.0.1", "[2001:db8::7") == "127.0.0.1")
    }
}
