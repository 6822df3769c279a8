// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

/// What comes from X, as an answer, a refusal, a token and a line of the activity stream: nothing may crash, and a post must read the
/// same by itself.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTweets(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start else { return 0 }
    // SAFETY: libFuzzer owns the bytes and keeps them until this returns.
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let page = try? PostPage(reading: bytes, of: .posts) {
        for post in page.posts {
            let alone = try? PostPage(
                reading: Array(#"{"data":"#.utf8) + post.raw + Array("}".utf8), of: .posts)
            precondition(
                alone?.posts.first?.snapshot.post == post.snapshot.post, "a post that reads differently")
        }
    }
    _ = try? PostPage(reading: bytes, of: .users)
    _ = try? StreamLine(reading: bytes)
    _ = try? TokenPair(reading: bytes, after: nil, at: 0)
    _ = try? Subscription.list(reading: bytes)
    var headers = XHeaders()
    headers.contentType = "application/json"
    for status in [200, 400, 404, 429] {
        _ = try? XReply(status: status, headers: headers, body: bytes).answer(to: .posts([PostID(1)]), at: 0)
    }
    return 0
}
