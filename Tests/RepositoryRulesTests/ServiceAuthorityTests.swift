// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import Testing

@Suite struct ServiceAuthorityTests {
    @Test(arguments: [
        ("relay.example.com", "wss://relay.example.com", true),
        ("relay.example.com", "ws://relay.example.com/some/path", true),
        ("relay.example.com", "wss://RELAY.Example.COM:443/", true),
        ("relay.example.com", "wss://relay.example.com./", true),
        ("Relay.Example.Com.", "wss://relay.example.com", true),
        ("relay.example.com", "wss://relay.example.com:8443", false),
        ("relay.example.com", "ws://relay.example.com:443", false),
        ("relay.example.com:443", "wss://relay.example.com", true),
        ("relay.example.com:80", "ws://relay.example.com", true),
        ("relay.example.com:80", "wss://relay.example.com", false),
        ("127.0.0.1:7777", "ws://127.0.0.1:7777", true),
        ("127.0.0.1:7777", "ws://127.0.0.1:17777", false),
        ("127.0.0.1", "ws://127.0.0.1:7777", false),
        ("[::1]:7777", "ws://[::1]:7777", true),
        ("[::1]", "ws://[::1]", true),
        ("relay.example.com", "wss://evil-relay.example.com", false),
        ("relay.example.com", "wss://relay.example.com.attacker.com", false),
        ("relay.example.com", "wss://attacker.com/relay.example.com", false),
        ("relay.example.com", "wss://sub.relay.example.com", false),
        ("relay.example.com", "wss://relayXexample.com", false),
    ])
    func `a relay is ours when host and port are`(domain: String, relay: String, isOurs: Bool) throws {
        let service = try #require(ServiceAuthority(domain))
        #expect(service.matches(try RelayURL(relay)) == isOurs)
    }

    @Test(arguments: [
        ("https://relay.example.com/npub1x/repo.git", true),
        ("http://relay.example.com/npub1x/repo.git", true),
        ("HTTPS://Relay.Example.com", true),
        ("https://relay.example.com:443/x", true),
        ("http://relay.example.com:80/x", true),
        ("https://relay.example.com./x", true),
        ("https://user:secret@relay.example.com/x", true),
        ("https://relay.example.com?x#y", true),
        ("https://relay.example.com:8443/x", false),
        ("http://relay.example.com:443/x", false),
        ("https://relay.example.com@attacker.com/x", false),
        ("https://attacker.com/https://relay.example.com/x", false),
        ("https://attacker.com#@relay.example.com/", false),
        ("https://attacker.com\\@relay.example.com/", false),
        ("https://evil-relay.example.com/x", false),
        ("https://relay.example.com.attacker.com/x", false),
        ("ssh://git@relay.example.com/x", false),
        ("git@relay.example.com:x.git", false),
        ("relay.example.com/x.git", false),
        ("https:relay.example.com/x", false),
        ("https://", false),
        ("", false),
    ])
    func `a clone URL is ours when its authority is`(url: String, isOurs: Bool) throws {
        let service = try #require(ServiceAuthority("relay.example.com"))
        #expect(service.matches(cloneURL: url) == isOurs)
    }

    @Test(arguments: [
        "", ".", "wss://relay.example.com", "relay.example.com/path", "a b", "user@host", "host:port", "h?q",
    ])
    func `only an authority names a service`(text: String) {
        #expect(ServiceAuthority(text) == nil)
    }

    @Test func `an international name equals its ASCII form`() throws {
        let service = try #require(ServiceAuthority("bücher.example"))
        #expect(service.matches(try RelayURL("wss://xn--bcher-kva.example")))
        #expect(service.matches(cloneURL: "https://BÜCHER.example/x"))
    }

    @Test func `it prints as host and port`() throws {
        #expect(try #require(ServiceAuthority("Relay.Example.com.")).description == "relay.example.com")
        #expect(try #require(ServiceAuthority("127.0.0.1:7777")).description == "127.0.0.1:7777")
    }
}
