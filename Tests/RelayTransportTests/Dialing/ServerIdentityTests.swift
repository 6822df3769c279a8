// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import RelayTransport

@Suite struct ServerIdentityTests {
    @Test(arguments: [
        ("relay.test", "relay.test", true), ("Relay.Test.", "relay.test", true),
        ("relay.test", "RELAY.TEST.", true),
        ("relay.test", "other.test", false), ("a.relay.test", "relay.test", false),
        ("a.relay.test", "*.relay.test", true),
        ("a.b.relay.test", "*.relay.test", false), ("relay.test", "*.relay.test", false),
        ("relay.test", "*.test", false),
        ("relay.test", "*", false), ("relay.test", "r*.test", false), ("relay.test", "", false),
        ("relay.test", "*.", false),
        (".relay.test", "*.relay.test", false),
    ]) func `a pattern matches its names and no others`(host: String, pattern: String, expected: Bool) {
        #expect(ServerIdentity(host: host).matches(pattern) == expected)
    }
}
