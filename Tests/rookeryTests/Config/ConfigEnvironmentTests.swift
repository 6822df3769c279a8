// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import rookery

@Suite struct ConfigEnvironmentTests {
    @Test(arguments: [
        ("ROOKERY_RELAY_FOO", ""), ("ROOKERY_RELAY_LISTN", "; did you mean ROOKERY_RELAY_LISTEN?"),
        ("ROOKERY_SYNC_", ""), ("ROOKERY_RELAY_PORT", ""), ("ROOKERY_STORE_SIZE", ""),
        ("ROOKERY_LOGLEVEL", "; did you mean ROOKERY_LOG_LEVEL?"),
        ("ROOKERY_CONFG", "; did you mean ROOKERY_CONFIG?"),
    ])
    func `a variable that is meant for a key and names none stops everything`(name: String, hint: String) {
        let loader = ConfigLoader(environment: ConfigEnvironment(variables: [name: "7"]))
        #expect(throws: ConfigError("environment: \(name): unknown key\(hint)")) { try loader.load() }
    }

    @Test(arguments: [
        ("ROOKERY_BINARY", "/x"), ("ROOKERY_SEED", "7"), ("ROOKERY_TEST_SCALE", "full"),
        ("ROOKERY_SERVICE_HOST", "10.0.0.1"), ("ROOKERY_RELAY_SERVICE_HOST", "10.0.0.1"),
        ("ROOKERY_RELAY_SERVICE_PORT_WS", "7777"), ("ROOKERY_RELAY_PORT", "tcp://10.0.0.1:7777"),
        ("ROOKERY_RELAY_PORT_7777_TCP_ADDR", "10.0.0.1"),
    ])
    func `what others set for a service or a tool of that name is only told`(name: String, value: String)
        throws
    {
        let environment = ConfigEnvironment(variables: [name: value])
        _ = try ConfigLoader(environment: environment).load()
        #expect(environment.unknown == [name])
    }
}
