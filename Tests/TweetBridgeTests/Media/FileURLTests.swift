// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import TweetBridge

@Suite struct FileURLTests {
    @Test(arguments: [
        ("https://PBS.twimg.com/media/A.jpg#x", "https://pbs.twimg.com/media/A.jpg", "pbs.twimg.com", 443),
        ("http://a.test:8080/x?y=1", "http://a.test:8080/x?y=1", "a.test", 8080),
        ("http://[2001:DB8::1]/", "http://[2001:db8::1]/", "2001:db8::1", 80),
        ("http://%31%32%37.0.0.1/", "http://127.0.0.1/", "127.0.0.1", 80),
    ]) func `a place is read as it will be asked`(text: String, url: String, host: String, port: Int) throws {
        let place = try #require(FileURL(text))
        #expect(place.text == url && place.host == host && place.port == port)
    }

    @Test(arguments: [
        "", "x", "/x", "ftp://a.test/", "file:///etc/passwd", "http:///x", "http://u@a.test/",
        "http://u:p@a.test/",
        "http://a.test:0/", "http://a.test:99999/", "http://[fe80::1%25eth0]/", "http://a%00b/",
        "http://a%2Fb/",
        "http://a b/",
    ]) func `what may not be asked is none`(text: String) { #expect(FileURL(text) == nil) }

    @Test func `a name in other letters is asked in its plain form, or not at all`() {
        if let place = FileURL("http://b\u{FC}cher.test/") {
            #expect(place.host == "xn--bcher-kva.test" && place.text == "http://xn--bcher-kva.test/")
        }
    }

    @Test func `a redirect is read from where it came`() throws {
        let base = try #require(FileURL("https://a.test/b/c?d"))
        #expect(FileURL("/x", relativeTo: base)?.text == "https://a.test/x")
        #expect(FileURL("x", relativeTo: base)?.text == "https://a.test/b/x")
        #expect(FileURL("//b.test/x", relativeTo: base)?.text == "https://b.test/x")
        #expect(FileURL("http://b.test/x", relativeTo: base)?.isSecure == false)
    }

    @Test func `the hash in a path is found whatever its ending`() {
        let hash = String(repeating: "ab", count: 32)
        #expect(FileURL("https://a.test/u/\(hash).tar.gz?x")?.hash == hash)
        #expect(FileURL("https://a.test/\(hash.uppercased())")?.hash == nil)
        #expect(FileURL("https://a.test/")?.hash == nil)
    }
}
