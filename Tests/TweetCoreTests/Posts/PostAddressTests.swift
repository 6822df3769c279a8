// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct PostAddressTests {
    @Test(arguments: [
        "1234", "https://x.com/ada/status/1234", "https://twitter.com/Ada_1/status/1234",
        "http://www.twitter.com/ada/statuses/1234", "HTTPS://X.com/ada/status/1234?s=20&t=abc",
        "https://mobile.twitter.com/ada/status/1234#m", "https://x.com/i/status/1234",
        "https://x.com/i/web/status/1234", "https://x.com/ada/status/1234/photo/1", "x.com/ada/status/1234",
        "https://x.com/ada/status/1234/",
    ])
    func `a number and every address of a post name it`(text: String) {
        #expect(PostID(naming: text) == PostID(1234))
    }

    // Older tools took any host that has "x.com" in it.
    @Test(arguments: [
        "https://notx.com/ada/status/1234", "https://x.com.example/ada/status/1234",
        "https://netflix.com/ada/status/1234", "https://x.com@example.com/ada/status/1234",
        "https://x.com:8080/ada/status/1234", "https://example.com/x.com/ada/status/1234",
        "https://x.com./ada/status/1234", "https://example.com?x.com/ada/status/1234",
        "https://x.com\\@example.com/ada/status/1234", "ftp://x.com/ada/status/1234",
    ])
    func `a host that only looks like X's is somebody else's`(text: String) {
        #expect(PostID(naming: text) == nil)
    }

    @Test(arguments: [
        "", "-1", "12 34", "https://x.com", "https://x.com/ada", "https://x.com/ada/status/",
        "https://x.com/ada/status/12a", "https://x.com/status/1234", "https://x.com/a b/status/1234",
        "https://x.com//status/1234", "https://x.com/ada/likes/1234", "https://x.com/i/web/1234",
        "99999999999999999999",
    ])
    func `what names no post names none`(text: String) {
        #expect(PostID(naming: text) == nil)
    }
}
