// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayServer
import RepositoryRules
import TestSupport
import Testing

@testable import rookery

@Suite struct ConfigKeysTests {
    /// The table of the interface: what an operator relies on, with its default.
    private static let promised: [String: String] = [
        "data_dir": "\"./rookery-data\"", "log_level": "\"info\"", "relay.listen": "\"127.0.0.1:7777\"",
        "relay.domain": "\"\"", "relay.admission": "\"open\"", "relay.auth": "\"on-demand\"",
        "relay.and_tags": "false", "relay.search": "false", "relay.status_page": "\"full\"",
        "relay.admins": "[]",
        "relay.key_file": "\"\"", "relay.compression": "true",
        "relay.trusted_proxies": "[]", "relay.rates.events_per_second": "1000",
        "relay.rates.events_burst": "20000", "relay.rates.requests_per_second": "500",
        "relay.rates.requests_burst": "5000", "relay.rates.bytes_per_second": "16777216",
        "relay.rates.bytes_burst": "268435456", "relay.rates.connections_per_second": "50",
        "relay.rates.connections_burst": "1000", "relay.rates.key_events_per_second": "500",
        "relay.rates.key_events_burst": "20000", "relay.rates.key_requests_per_second": "500",
        "relay.rates.key_requests_burst": "5000",
        "relay.rates.exempt": "[\"127.0.0.0/8\", \"::1\"]",
        "relay.limits.max_message_length": "2097152", "relay.limits.max_subscriptions": "200",
        "relay.limits.max_filters": "100", "relay.limits.max_limit": "5000",
        "relay.limits.default_limit": "5000", "relay.limits.max_subid_length": "64",
        "relay.policy.allowed_pubkeys": "[]", "relay.policy.banned_pubkeys": "[]",
        "relay.policy.allowed_kinds": "[]", "relay.policy.banned_kinds": "[]",
        "relay.policy.banned_events": "[]", "relay.policy.blocked_addresses": "[]",
        "relay.policy.repository_whitelist": "[]", "relay.policy.repository_blacklist": "[]",
        "relay.plugin.command": "\"\"", "relay.plugin.processes": "2", "relay.plugin.timeout_ms": "10000",
        "relay.plugin.on_failure": "\"closed\"", "relay.plugin.reads": "false",
        "relay.policy.reads_need_auth": "false", "relay.policy.readers": "[]",
        "store.map_size_gib": "1024", "store.durability": "\"sync\"", "sync.enabled": "true",
        "sync.bootstrap": "[]", "sync.allow_private_addresses": "false", "sync.negentropy": "true",
        "sync.batch_window_ms": "5000", "sync.quick_reconnect_window_s": "900",
        "sync.consolidation_threshold": "70", "sync.disconnect_check_interval_s": "60",
        "sync.daily_resync_hours": "[23, 25]", "sync.backoff_base_s": "5", "sync.backoff_max_s": "3600",
        "sync.rate_limit_pause_s": "65", "sync.dead_after_hours": "24", "sync.dead_retry_hours": "24",
        "sync.misbehaving_pause_hours": "12", "sync.overlap_s": "900", "sync.answer_timeout_s": "30",
        "sync.heartbeat_s": "120", "sync.cursor_interval_ms": "30000", "sync.information_lifetime_s": "3600",
        "sync.max_relays": "2000", "sync.stuck_after_s": "900", "sync.ca_file": "\"\"", "sync.archive": "[]",
        "sync.git_data": "\"off\"", "metrics.listen": "\"\"", "bridge.enabled": "false",
        "bridge.api_base_url": "\"https://api.x.com\"", "bridge.accounts": "[]",
        "bridge.poll_interval_s": "300", "bridge.max_pages_per_poll": "5", "bridge.stream": "true",
        "bridge.track": "[]", "bridge.relays": "[]", "bridge.blossom_servers": "[]",
        "bridge.media": "\"link\"", "bridge.key_scheme": "\"nip06-id\"", "bridge.style": "\"native\"",
        "bridge.moderation": "\"off\"", "bridge.daily_spend_cap_usd": "5", "bridge.redis_write_queue": "\"\"",
        "bridge.redis_trusts_approvals": "false", "bridge.outbound": "false",
        "bridge.outbound_links": "false",
        "bridge.oauth_client_file": "\"\"", "bridge.webhooks": "[]", "bridge.webhooks_private": "false",
    ]

    @Test(arguments: promised.keys.sorted())
    func `every promised key is there with its default`(path: String) throws {
        let key = try #require(ConfigKeys.byPath[path])
        #expect(key.read(Settings()).toml == Self.promised[path])
    }

    @Test(arguments: ConfigKeys.all.map(\.path))
    func `every key takes its own default, from a file and from the environment`(path: String) throws {
        let key = try #require(ConfigKeys.byPath[path])
        let value = key.read(Settings())
        var settings = Settings()
        try key.assign(&settings, value)
        #expect(key.read(settings) == value)
        let text = Self.plain(value)
        #expect(try #require(key.kind.value(of: text)).toml == value.toml)
    }

    @Test(arguments: ConfigKeys.all.filter { [.texts, .numbers].contains($0.kind) }.map(\.path))
    func `a list may be set as it is printed`(path: String) throws {
        let key = try #require(ConfigKeys.byPath[path])
        let value = key.read(Settings())
        #expect(key.kind.value(of: value.toml) == value)
        #expect(key.kind.value(of: " \(value.toml) ") == value)
    }

    @Test func `a list is written with commas, or as in the file`() {
        for text in ["23,25", "23, 25", "[23, 25]", " [ 23,25 ] "] {
            #expect(ConfigKind.numbers.value(of: text) == .numbers([23, 25]), "\(text)")
        }
        for text in [#"a,*"#, #"["a", "*"]"#, #"[ 'a' ,"*", ]"#] {
            #expect(ConfigKind.texts.value(of: text) == .texts(["a", "*"]), "\(text)")
        }
        #expect(ConfigKind.numbers.value(of: "[]") == .numbers([]))
        #expect(ConfigKind.texts.value(of: "[]") == .texts([]))
        for text in ["[23, 25", "[\"a\"]", "[1]\nx = 2", "[1, [2]]"] {
            #expect(ConfigKind.numbers.value(of: text) == nil, "\(text)")
        }
        for text in ["[a, b]", "[1]", "[\"a\""] {
            #expect(ConfigKind.texts.value(of: text) == nil, "\(text)")
        }
    }

    @Test
    func `kinds are written with commas, or as in the file, with the quotation marks that a shell left`()
        throws
    {
        let key = try #require(ConfigKeys.byPath["relay.policy.allowed_kinds"])
        for text in ["1,5-7", "[1, \"5-7\"]", "[\"1\",'5-7']", "[1,5-7]", "1, 5-7", " [ 1 , 5-7 ] "] {
            #expect(key.value(of: text) == .texts(["1", "5-7"]), "\(text)")
        }
        #expect(key.value(of: "[1, 2]") == .texts(["1", "2"]))
        #expect(key.value(of: "[]") == .texts([]))
        for text in ["[1, 1.5]", "[1, \"5-7]", "[1,5-7", "[1]\nx = 2"] {
            #expect(throws: ConfigError.self, "\(text)") {
                try ConfigLoader(flags: [.init(name: "--set", key: key.path, value: .text(text))]).load()
            }
        }
    }

    @Test func `a text in quotation marks is TOML, any other is as it stands`() {
        for text in ["Foo", "\"Foo\"", "'Foo'", " \"Foo\" ", "\"F\\u006fo\""] {
            #expect(ConfigKind.text.value(of: text) == .text("Foo"), "\(text)")
        }
        for text in ["\"", "'a", "a 'b'", "\"a\" \"b\"", "'/bin/a b' 'c'", "\"a\"\nb = \"c\"", "#"] {
            #expect(ConfigKind.text.value(of: text) == .text(text), "\(text)")
        }
        #expect(ConfigKind.text.value(of: "\"\"") == .text(""))
    }

    @Test(arguments: ["relay.admins", "relay.pubkey", "relay.policy.banned_pubkeys", "relay.policy.readers"])
    func `a key is taken in either case and as npub`(path: String) throws {
        let (key, pubkey) = (try #require(ConfigKeys.byPath[path]), TestKey.publicKey(3))
        for text in [pubkey.hex, pubkey.hex.uppercased(), pubkey.npub] {
            var settings = Settings()
            try key.assign(&settings, try #require(key.value(of: text)))
            #expect(key.read(settings).toml.contains(pubkey.hex), "\(text)")
        }
    }

    @Test func `no two keys share a variable`() {
        let variables = ConfigKeys.all.map { ConfigEnvironment.variable(for: $0.path) }
        #expect(Set(variables).count == variables.count)
        #expect(variables.contains("ROOKERY_RELAY_LISTEN"))
        #expect(variables.contains("ROOKERY_RELAY_LIMITS_MAX_LIMIT"))
    }

    @Test func `every span of time may be a fraction`() throws {
        for key in ConfigKeys.all where key.path.hasSuffix("_s") || key.path.hasSuffix("_ms") {
            var settings = Settings()
            try key.assign(&settings, .number(1.5))
            #expect(key.read(settings) == .number(1.5), "\(key.path)")
        }
    }

    @Test func `filters in the environment keep their own commas`() throws {
        let text = ##"{"kinds":[1,2],"#t":["a,}","\",]"]}, {}"##
        let environment = ConfigEnvironment(variables: ["ROOKERY_STORE_NEGENTROPY_TREES": text])
        let settings = try ConfigLoader(environment: environment).load()
        let tags: [Character: [TagValue]] = ["t": ["a,}", #"",]"#]]
        #expect(settings.store.trees == [Filter(kinds: [1, 2], tags: tags), Filter()])
    }

    @Test(arguments: [#"{"since":5}"#, #"{"limit":5}"#, #"{"search":"x"}"#, "all", #"{"kinds":"x"}"#])
    func `what no tree can be kept of is refused`(filter: String) {
        let environment = ConfigEnvironment(variables: ["ROOKERY_STORE_NEGENTROPY_TREES": filter])
        #expect(throws: ConfigError.self) { try ConfigLoader(environment: environment).load() }
    }

    @Test func `lists in the environment are separated by commas`() throws {
        let key = try #require(ConfigKeys.byPath["sync.archive"])
        var settings = Settings()
        try key.assign(&settings, try #require(key.kind.value(of: "tools, *,,more")))
        #expect(settings.sync.archive.map(\.description) == ["tools", "*", "more"])
    }

    @Test(arguments: [
        ("relay.example.com", "relay.example.com"), ("LOCALHOST:7777", "localhost:7777"),
        ("[::1]:7777", "[::1]:7777"), ("127.0.0.1:80", "127.0.0.1:80"),
    ])
    func `a domain is normalised`(text: String, domain: String) throws {
        let flag = ConfigLoader.Flag(name: "--domain", key: "relay.domain", value: .text(text))
        #expect(try ConfigLoader(flags: [flag]).load().relay.domain == domain)
    }

    @Test(arguments: ["wss://a.test", "a.test/path", "a b", "a.test:99999", "user@a.test", "a.test?"])
    func `a domain is an authority and no URL`(text: String) {
        let flag = ConfigLoader.Flag(name: "--domain", key: "relay.domain", value: .text(text))
        #expect(throws: ConfigError.self) { try ConfigLoader(flags: [flag]).load() }
    }

    @Test func `bootstrap relays are normalised`() throws {
        let flag = ConfigLoader.Flag(
            name: "--bootstrap", key: "sync.bootstrap",
            value: .value(.texts(["WSS://Relay.Example.com:443/"])))
        #expect(
            try ConfigLoader(flags: [flag]).load().sync.bootstrap.map(\.text) == ["wss://relay.example.com"])
    }

    @Test(arguments: [
        ("127.0.0.1:0", "127.0.0.1:0"), (":7777", "0.0.0.0:7777"), ("*:1", "0.0.0.0:1"),
        ("[::1]:65535", "[::1]:65535"), ("localhost:80", "localhost:80"),
    ])
    func `an address to listen on is read`(text: String, shown: String) throws {
        #expect(try ListenAddress(text).description == shown)
    }

    private static func plain(_ value: ConfigValue) -> String {
        switch value {
        case .text(let text): text
        case .texts(let texts): texts.joined(separator: ",")
        case .integer, .number, .flag, .tables: value.toml
        case .numbers: String(value.toml.dropFirst().dropLast())
        }
    }
}
