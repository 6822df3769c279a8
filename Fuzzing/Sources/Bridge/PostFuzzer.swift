// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

/// What comes from X, as an answer, a refusal, a token and a line of the activity stream: a post reads the same by itself, and however
/// a stream is cut it has the same lines.
enum PostFuzzer {
    static func feed(_ input: FuzzInput) {
        let bytes = input.array
        if let page = try? PostPage(reading: bytes, of: .posts) {
            for post in page.posts {
                let alone = try? PostPage(
                    reading: Array(#"{"data":"#.utf8) + post.raw + Array("}".utf8), of: .posts)
                claim(
                    alone?.posts.first?.snapshot.post == post.snapshot.post, "a post that reads differently")
            }
        }
        _ = try? PostPage(reading: bytes, of: .users)
        _ = try? StreamLine(reading: bytes)
        _ = try? TokenPair(reading: bytes, after: nil, at: 0)
        _ = try? Subscription.list(reading: bytes)
        _ = try? Written.made(reading: bytes)
        _ = try? Written.removed(reading: bytes)
        _ = try? XUsage(reading: bytes)
        answers(bytes)
        lines(bytes, seed: input[input.count / 2] & 31)
    }

    private static func answers(_ body: [UInt8]) {
        var headers = XHeaders()
        headers.contentType = "application/json"
        for status in [200, 400, 404, 429] {
            _ = try? XReply(status: status, headers: headers, body: body)
                .answer(to: .posts([PostID(1)]), at: 0)
        }
    }

    private static func lines(_ bytes: [UInt8], seed: UInt8) {
        let lineMax = 512
        var whole = LineSplitter(lineMax: lineMax)
        guard let lines = try? whole.append(bytes) else { return }
        claim(lines.allSatisfy { $0.count <= lineMax }, "a line beyond its bound")
        var cut = LineSplitter(lineMax: lineMax)
        var again: [[UInt8]] = []
        for piece in pieces(of: bytes, seed: seed) { again += (try? cut.append(piece)) ?? [] }
        claim(again == lines, "lines depend on how they are cut")
    }
}
