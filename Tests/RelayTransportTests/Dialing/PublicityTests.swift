// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayTransport
import Testing

@Suite struct PublicityTests {
    @Test(arguments: [
        ("wss://relay.example.com", true), ("wss://1.1.1.1", true), ("wss://[2606:4700::1111]:444", true),
        ("ws://127.0.0.1:7", false), ("wss://192.168.1.1", false), ("wss://[fd00::1]", false),
        ("ws://[::ffff:10.0.0.1]", false), ("wss://[::1]", false), ("ws://strfry", false),
        ("ws://relay.internal", false), ("ws://a.localhost", false), ("ws://abcdefgh.onion", false),
    ])
    func `a host is public unless its name or address says otherwise`(url: String, isPublic: Bool) throws {
        #expect(try RelayURL(url).namesPublicHost == isPublic)
    }
}
