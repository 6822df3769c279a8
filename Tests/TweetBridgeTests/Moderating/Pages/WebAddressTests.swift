// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayTransport
import Testing

@testable import TweetBridge

@Suite struct WebAddressTests {
    @Test(arguments: [
        "javascript:alert(1)", "data:text/html,x", "//evil.test", "https://a.test/\u{202E}gpj", "http://a b",
        "ftp://a",
        "https://" + String(repeating: "a", count: 3_000), " https://a.test",
    ])
    func `what is no plain address of the web is no link`(text: String) {
        #expect(WebAddress(text) == nil && !WebAddress.html(text).markup.contains("<a "))
    }

    @Test func `a link tells nobody where it was followed, and cannot be left`() {
        let html = WebAddress.html(#"https://a.test/?q="onclick="x"#).markup
        #expect(
            html.hasPrefix("<a href=\"https://a.test/?q=&quot;onclick=&quot;x\" rel=\"noreferrer noopener"))
    }
}
