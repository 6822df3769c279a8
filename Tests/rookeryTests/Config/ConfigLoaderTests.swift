// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Logging
import NostrCore
import RelaySession
import Testing

@testable import rookery

@Suite struct ConfigLoaderTests {
    @Test func `flags beat environment, environment beats the file, the file beats defaults`() throws {
        let file = try TemporaryFile(
            """
            log_level = "debug"
            [relay.limits]
            max_filters = 1
            max_limit = 2
            max_subscriptions = 3
            """)
        let settings = try ConfigLoader(
            file: file.path,
            environment: ConfigEnvironment(variables: [
                "ROOKERY_RELAY_LIMITS_MAX_LIMIT": "20", "ROOKERY_RELAY_LIMITS_MAX_SUBSCRIPTIONS": "30",
            ]),
            flags: [.init(name: "--set", key: "relay.limits.max_subscriptions", value: .text("300"))]
        ).load()
        #expect(settings.logLevel == .debug)
        #expect(settings.relay.limits.shown.maxFilters == 1)
        #expect(settings.relay.limits.shown.maxLimit == 20)
        #expect(settings.relay.limits.shown.maxSubscriptions == 300)
        #expect(settings.relay.limits.shown.maxSubscriptionIDLength == 64)
    }

    @Test func `the environment may name the file`() throws {
        let file = try TemporaryFile("data_dir = \"/elsewhere\"")
        let environment = ConfigEnvironment(variables: ["ROOKERY_CONFIG": file.path])
        #expect(try ConfigLoader(environment: environment).load().dataDirectory == "/elsewhere")
    }

    @Test func `what is printed is read back as the same configuration`() throws {
        let loader = ConfigLoader(flags: [
            .init(name: "--set", key: "relay.name", value: .text("a \"quoted\" name\nin two lines")),
            .init(name: "--set", key: "sync.daily_resync_hours", value: .text("0.5, 1.25")),
            .init(name: "--set", key: "sync.backoff_base_s", value: .text("0.001")),
        ])
        let settings = try loader.load()
        let file = try TemporaryFile(settings.toml)
        #expect(try ConfigLoader(file: file.path).load().toml == settings.toml)
        #expect(settings.sync.dailyResyncHours == 0.5...1.25)
    }

    @Test func `secrets are masked`() throws {
        let environment = ConfigEnvironment(variables: ["ROOKERY_BRIDGE_MNEMONIC": "leader monkey parrot"])
        let settings = try ConfigLoader(environment: environment).load()
        #expect(settings.bridge.mnemonic == "leader monkey parrot")
        #expect(settings.toml.contains("mnemonic = \"***\"\n"))
        #expect(!settings.toml.contains("monkey"))
        #expect(settings.toml.contains("bearer_token = \"\"\n"))
    }

    @Test func `the bridge is shown to whoever has set something of it`() throws {
        #expect(try !ConfigLoader().load().toml.contains("[bridge]"))
        let flag = ConfigLoader.Flag(name: "--set", key: "bridge.accounts", value: .text("jack"))
        #expect(try ConfigLoader(flags: [flag]).load().toml.contains("[bridge]\n"))
    }

    @Test(arguments: [
        ("data_dir = 3", "data_dir: must be a string"),
        ("data_dir = \"\"", "data_dir: must name a directory"),
        ("log_level = \"loud\"", "log_level: must be one of \"trace\", \"debug\", \"info\", \"notice\""),
        ("relay.listen = \"7777\"", "relay.listen: must be HOST:PORT, not \"7777\""),
        ("relay.listen = \"::1:7777\"", "relay.listen: an IPv6 host stands in brackets"),
        ("relay.listen = \"a:65536\"", "relay.listen: must be HOST:PORT"),
        ("relay.limits.max_limit = 0", "relay.limits.max_limit: must be from 1 to 100000000, not 0"),
        ("relay.limits.max_filters = 1001", "relay.limits.max_filters: must be from 1 to 1000, not 1001"),
        (
            "relay.limits.max_limit = 10\nrelay.limits.default_limit = 11",
            "relay.limits.default_limit: must not be above relay.limits.max_limit"
        ),
        ("sync.ca_file = \"/nowhere/ca.pem\"", "sync.ca_file: /nowhere/ca.pem: cannot be opened: "),
        ("sync.ca_file = \"/dev/null\"", "sync.ca_file: /dev/null: holds no certificate in PEM"),
        ("relay.limits.max_limit = 1.5", "relay.limits.max_limit: must be a whole number"),
        (
            "relay.admission = \"closed\"",
            "relay.admission: must be one of \"open\", \"grasp\", not \"closed\""
        ),
        (
            "relay.rates.events_per_second = 0.0009",
            "relay.rates.events_per_second: must be 0 for no limit, or at least 0.001, not 0.0009"
        ),
        ("relay.lissten = \"a:1\"", "relay.lissten: unknown key; did you mean relay.listen?"),
        ("relais.listen = \"a:1\"", "relais.listen: unknown key; did you mean relay.listen?"),
        ("whatever = 1", "whatever: unknown key"),
        ("[nothing]", "nothing: unknown section"),
        ("relay = 1", "relay: unknown key"),
        ("sync.enabled = \"yes\"", "sync.enabled: must be true or false"),
        ("sync.backoff_base_s = nan", "sync.backoff_base_s: must be from 0.001 to 86400, not nan"),
        ("sync.backoff_base_s = -1", "sync.backoff_base_s: must be from 0.001 to 86400, not -1"),
        ("sync.backoff_base_s = 7200", "sync.backoff_base_s: must not be above sync.backoff_max_s"),
        ("sync.daily_resync_hours = [25, 23]", "the first hour must not be above the second"),
        ("sync.daily_resync_hours = [1]", "must be a list of two numbers"),
        ("sync.bootstrap = [1]", "sync.bootstrap: must be a list of strings"),
        ("sync.bootstrap = [1, \"a\"]", "sync.bootstrap: a value of this kind is not understood"),
        (
            "relay.policy.banned_pubkeys = [\"npub1x\"]",
            "relay.policy.banned_pubkeys: must hold public keys as 64 hexadecimal digits or npub, not \"npub1x\""
        ),
        ("relay.policy.banned_kinds = [70000]", "relay.policy.banned_kinds: must hold kinds like 1 or"),
        ("relay.policy.banned_kinds = [\"9-1\"]", "relay.policy.banned_kinds: must hold kinds like 1 or"),
        ("relay.policy.banned_events = [\"x\"]", "relay.policy.banned_events: must hold event ids"),
        ("relay.policy.blocked_addresses = [\"1.2.3\"]", "must hold addresses like 192.0.2.1"),
        ("relay.policy.repository_blacklist = [\"*\"]", "must hold \"npub…\", \"npub…/identifier\""),
        ("sync.git_data = \"required\"", "sync.git_data: \"required\" needs a git service"),
        ("bridge.enabled = true", "bridge.enabled: the bridge needs bridge.bearer_token_file"),
        ("bridge.track = [\"likes\"]", "bridge.track: may hold \"mentions\""),
        ("bridge.redis_write_queue = \"rediss://h\"", "bridge.redis_write_queue: is not taken: rediss://"),
        ("bridge.webhooks = [\"ftp://h/\"]", "bridge.webhooks: a webhook's URL is http or https"),
        ("data_dir = 1979-05-27", "data_dir: a value of this kind is not understood"),
    ])
    func `one line names the file, the key and what is wrong`(text: String, complaint: String) throws {
        let file = try TemporaryFile(text)
        let error = try #require(throws: ConfigError.self) { try ConfigLoader(file: file.path).load() }
        #expect(error.description.hasPrefix("\(file.path): "))
        #expect(error.description.contains(complaint))
        #expect(!error.description.contains("\n"))
    }

    @Test(arguments: [
        ("outbound = true", "bridge.outbound: posting needs a user's consent: bridge.oauth_client_file"),
        ("webhooks = [\"https://h/\"]", "bridge.webhooks: messages are signed: bridge.webhook_secret_file"),
    ])
    func `what the bridge is to do without what it needs for it is a contradiction`(
        text: String, complaint: String
    ) throws {
        let whole = "[bridge]\nenabled = true\nbearer_token = \"t\"\nmnemonic = \"w\"\n"
        let file = try TemporaryFile(whole + text)
        let error = try #require(throws: ConfigError.self) { try ConfigLoader(file: file.path).load() }
        #expect(error.description.contains(complaint))
        let off = try TemporaryFile("[bridge]\n" + text)
        #expect(try !ConfigLoader(file: off.path).load().bridge.isEnabled)
        for more in ["redis_write_queue = \"redis://h\"", "oauth_client_file = \"f\"\noutbound = true"] {
            let good = try TemporaryFile(whole + more)
            #expect(try ConfigLoader(file: good.path).load().bridge.isEnabled)
        }
    }

    @Test func `kinds are numbers and ranges in any mixture, from a file and from the environment`() throws {
        let file = try TemporaryFile("relay.policy.banned_kinds = [7, \"30000-39999\", 4]")
        let kinds = KindSet([7...7, 30_000...39_999, 4...4])
        #expect(try ConfigLoader(file: file.path).load().relay.policy.sheet.bannedKinds == kinds)
        let environment = ConfigEnvironment(variables: [
            "ROOKERY_RELAY_POLICY_BANNED_KINDS": "7,30000-39999,4"
        ])
        let settings = try ConfigLoader(environment: environment).load()
        #expect(settings.relay.policy.sheet.bannedKinds == kinds)
        #expect(settings.toml.contains("banned_kinds = [\"7\", \"30000-39999\", \"4\"]"))
    }

    @Test func `a default gives way to what was set beside it`() throws {
        let settings = try ConfigLoader(flags: [
            .init(name: "--set", key: "sync.backoff_max_s", value: .text("1")),
            .init(name: "--set", key: "relay.limits.max_limit", value: .text("500")),
        ]).load()
        #expect(settings.sync.backoffBase == .seconds(1))
        #expect(settings.relay.limits.shown.defaultLimit == 500)
    }

    @Test func `certificates that nobody asks for are not looked at`() throws {
        let file = try TemporaryFile("[sync]\nenabled = false\nca_file = \"/nowhere/ca.pem\"")
        #expect(try ConfigLoader(file: file.path).load().sync.caFile == "/nowhere/ca.pem")
    }

    @Test func `an error names the line where the file is no TOML`() throws {
        let file = try TemporaryFile("data_dir = \"a\"\n[relay\n")
        let error = try #require(throws: ConfigError.self) { try ConfigLoader(file: file.path).load() }
        #expect(error.description.hasPrefix("\(file.path):2: not TOML: "))
    }

    @Test func `a bad value in the environment is named by its variable`() {
        let environment = ConfigEnvironment(variables: ["ROOKERY_SYNC_MAX_RELAYS": "many"])
        #expect(
            throws: ConfigError(
                "environment: ROOKERY_SYNC_MAX_RELAYS (sync.max_relays): must be a whole number, not \"many\""
            )
        ) {
            try ConfigLoader(environment: environment).load()
        }
    }

    @Test func `a bad flag is named as it was typed`() {
        let loader = ConfigLoader(flags: [.init(name: "--listen", key: "relay.listen", value: .text("x"))])
        #expect(throws: ConfigError("--listen (relay.listen): must be HOST:PORT, not \"x\"")) {
            try loader.load()
        }
    }

    @Test func `a file that is missing is named`() {
        #expect(throws: ConfigError("/nowhere/a.toml: cannot be opened: No such file or directory")) {
            try ConfigLoader(file: "/nowhere/a.toml").load()
        }
    }
}
