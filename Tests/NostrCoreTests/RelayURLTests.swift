// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@Suite struct RelayURLTests {
    @Test(arguments: [
        ("wss://relay.example.com", "wss://relay.example.com"),
        ("WSS://Relay.Example.COM/", "wss://relay.example.com"),
        ("  wss://relay.example.com\n", "wss://relay.example.com"),
        ("https://relay.example.com:443", "wss://relay.example.com"),
        ("http://relay.example.com:80//", "ws://relay.example.com"),
        ("ws://relay.example.com:443", "ws://relay.example.com:443"),
        ("wss://relay.example.com:80", "wss://relay.example.com:80"),
        ("wss://relay.example.com:", "wss://relay.example.com"),
        ("wss://relay.example.com:0443", "wss://relay.example.com"),
        ("wss://relay.example.com.", "wss://relay.example.com"),
        ("wss://relay.example.com#part", "wss://relay.example.com"),
        ("wss://relay.example.com?", "wss://relay.example.com"),
        ("wss://relay.example.com?a=1", "wss://relay.example.com?a=1"),
        ("wss://relay.example.com/?a=1#b", "wss://relay.example.com?a=1"),
        ("wss://relay.example.com/inbox/", "wss://relay.example.com/inbox"),
        ("wss://relay.example.com//a///b", "wss://relay.example.com/a/b"),
        ("wss://relay.example.com/a/./b/../c", "wss://relay.example.com/a/c"),
        ("wss://relay.example.com/a/%2e%2E/c", "wss://relay.example.com/c"),
        ("wss://relay.example.com/../..", "wss://relay.example.com"),
        ("wss://relay.example.com/%7euser/%c3%a9", "wss://relay.example.com/~user/%C3%A9"),
        ("wss://relay.example.com/é", "wss://relay.example.com/%C3%A9"),
        ("wss://relay.example.com/a%2fb", "wss://relay.example.com/a%2Fb"),
        ("wss://relay.example.com/Case", "wss://relay.example.com/Case"),
        ("wss://127.0.0.1:7777", "wss://127.0.0.1:7777"),
        ("ws://[::1]:80", "ws://[::1]"),
        ("ws://[0:0:0:0:0:0:0:1]:8080/x", "ws://[::1]:8080/x"),
        ("ws://[2001:DB8:0:0:1:0:0:1]", "ws://[2001:db8::1:0:0:1]"),
        ("ws://[2001:db8:0:1:1:1:1:1]", "ws://[2001:db8:0:1:1:1:1:1]"),
        ("ws://[1::]", "ws://[1::]"),
        ("ws://[::]", "ws://[::]"),
        ("ws://[::ffff:7f00:1]", "ws://[::ffff:127.0.0.1]"),
        ("ws://[::ffff:127.0.0.1]", "ws://[::ffff:127.0.0.1]"),
        ("ws://[64:ff9b::1.2.3.4]", "ws://[64:ff9b::102:304]"),
        ("wss://bücher.example", "wss://xn--bcher-kva.example"),
        ("wss://BÜCHER.example", "wss://xn--bcher-kva.example"),
        ("wss://xn--BCHER-kva.example", "wss://xn--bcher-kva.example"),
        ("wss://中文。例子", "wss://xn--fiq228c.xn--fsqu00a"),
        ("wss://ｒｅｌａｙ．example", "wss://relay.example"),
        ("wss://１２７.0.0.1", "wss://127.0.0.1"),
        ("wss://rel\u{AD}ay.example", "wss://relay.example"),
        ("wss://🪶.example", "wss://xn--u19h.example"),
        ("wss://under_score.example", "wss://under_score.example"),
    ])
    func `an address is normalised`(written: String, normal: String) throws {
        let url = try RelayURL(written)
        #expect(url.text == normal)
        #expect(try RelayURL(url.text) == url)
        #expect(try RelayURL(url.text).path == url.path)
    }

    @Test(arguments: [
        "", "relay.example.com", "ftp://relay.example.com", "wss:/relay.example.com", "wss://",
        "wss:///path",
        "wss://user@relay.example.com", "wss://user:secret@relay.example.com",
        "wss://relay example.com",
        "wss://relay.example.com/a b", "wss://relay.example.com/\u{0}", "wss://relay.example.com\\evil",
        "wss://relay\t.example.com", "wss://relay.example.com:0", "wss://relay.example.com:65536",
        "wss://relay.example.com:+1", "wss://relay.example.com:port", "wss://relay..example.com",
        "wss://.example.com", "wss://.", "wss://-relay.example.com", "wss://relay%2eexample.com",
        "wss://relay,example.com", "wss://2130706433", "wss://0x7f.0.0.1", "wss://0x7f000001",
        "wss://127.1",
        "wss://0177.0.0.1", "wss://127.0.0.256", "wss://127.0.0.01", "wss://1.2.3.4.5", "wss://[::1",
        "wss://[::1]x", "wss://[:::1]", "wss://[1:2:3:4:5:6:7]", "wss://[1:2:3:4:5:6:7:8:9]",
        "wss://[fe80::1%eth0]",
        "wss://[12345::]", "wss://[::1::]", "wss://[1.2.3.4]", "wss://[::1.2.3]", "wss://[]",
        "wss://::1",
        "wss://a\u{2028}b.example", "wss://a\u{200D}b.example", "wss://relay.example.com/%",
        "wss://relay.example.com/%zz",
        "wss://relay.example.com/%1", "wss://\(String(repeating: "a", count: 64)).example",
        "wss://relay.example.com/\(String(repeating: "a", count: 250))",
        "wss://relay.example.com/\(String(repeating: "a/../", count: 1_000))",
    ])
    func `what is no relay's address is refused`(text: String) {
        #expect(throws: RelayURLError.self) { try RelayURL(text) }
    }

    @Test func `an address has parts`() throws {
        let url = try RelayURL("wss://Relay.example.com:8443/inbox?a=b")
        #expect(url.isSecure)
        #expect(url.host == "relay.example.com")
        #expect(url.port == 8_443)
        #expect(url.path == "/inbox?a=b")
        #expect(url.authority == "relay.example.com:8443")
        #expect(try RelayURL("ws://abc.ONION.").host == "abc.onion")
        #expect(try RelayURL("ws://a.example").path == "/")
        #expect(try RelayURL("ws://[::1]:81").authority == "[::1]:81")
    }
}

@Suite struct RelayURLPoolTests {
    @Test func `equal addresses become one, and beyond the bound all stay right`() throws {
        var pool = RelayURLPool()
        let first = pool.shared(try RelayURL("wss://relay.test/path"))
        #expect(pool.shared(try RelayURL("WSS://relay.test:443/path/")) == first)
        for number in 0...RelayURLPool.most {
            let url = try RelayURL("wss://r\(number).test")
            let shared = pool.shared(url)
            #expect(shared == url)
        }
        #expect(pool.shared(first) == first)
    }
}
