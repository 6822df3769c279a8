// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing
import TweetCore

/// Damaged answers: nothing may trap, and what is taken is sound.
@Suite struct ReadingMutationTests {
    private static let pieces: [[UInt8]] =
        [
            "\"", "\\", "\\u", "\\ud800", "[", "]", "{", "}", ",", ":", "null", "-1", "1e9", "0", "\"id\":",
            "\r\n",
        ]
        .map { Array($0.utf8) } + [[0xC3], [0xED, 0xA0, 0x80], [0xFF], [0], [0x1F]]

    private static func mutated(_ bytes: [UInt8], using rng: inout SplitMix64) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &rng) {
            guard !bytes.isEmpty else { break }
            let at = Int.random(in: 0..<bytes.count, using: &rng)
            switch Int.random(in: 0..<5, using: &rng) {
            case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &rng)
            case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...9, using: &rng)))
            case 2: bytes.insert(contentsOf: pieces.randomElement(using: &rng) ?? [], at: at)
            case 3: bytes.swapAt(at, Int.random(in: 0..<bytes.count, using: &rng))
            default: bytes = Array(bytes[..<at])
            }
        }
        return bytes
    }

    @Test(arguments: 0..<8) func `damaged answers do no harm`(seed: UInt64) throws {
        var rng = SplitMix64(seed: seed)
        var taken = 0
        for _ in 0..<400 {
            let bytes = Self.mutated(Array(Answers.full.utf8), using: &rng)
            guard let page = try? PostPage(reading: bytes, of: .posts) else { continue }
            taken += 1
            for post in page.posts {
                // The post's own bytes say the same by themselves.
                let alone = try PostPage(
                    reading: Array(#"{"data":"#.utf8) + post.raw + Array("}".utf8), of: .posts)
                #expect(alone.posts.first?.snapshot.post == post.snapshot.post)
            }
        }
        #expect(taken > 0)
    }

    @Test(arguments: 0..<4) func `damaged lines and refusals do no harm`(seed: UInt64) {
        var rng = SplitMix64(seed: seed)
        let line = Array(
            #"{"data":{"event_uuid":"u","filter":{"user_id":"1"},"event_type":"post.create","payload":{"id":"5","text":"a"}}}"#
                .utf8)
        for _ in 0..<500 {
            let bytes = Self.mutated(line, using: &rng)
            _ = try? StreamLine(reading: bytes)
            var headers = XHeaders()
            headers.contentType = "application/json"
            let reply = XReply(
                status: [200, 400, 403, 429].randomElement(using: &rng) ?? 200, headers: headers, body: bytes)
            _ = try? reply.answer(to: .posts([PostID(1)]), at: 0)
            _ = try? TokenPair(reading: bytes, after: nil, at: 0)
            _ = try? Subscription.list(reading: bytes)
        }
    }
}
