// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import Testing

@testable import RelayTransport

@Suite struct AddressKeyTests {
    private func key(_ address: String) throws -> AddressKey {
        AddressKey(try SocketAddress(ipAddress: address, port: 1))
    }

    @Test func `an IPv4 address counts alone and an IPv6 network as one`() throws {
        #expect(try key("1.2.3.4") == .v4(0x0102_0304))
        #expect(try key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::9"))
        #expect(try key("2001:db8:1:2::1") != key("2001:db8:1:3::1"))
        #expect(try key("::ffff:1.2.3.4") == key("1.2.3.4"))
    }
}
