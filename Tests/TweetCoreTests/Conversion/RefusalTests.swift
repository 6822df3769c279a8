// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@testable import TweetCore

/// Who is never shown.
@Suite struct RefusalTests {
    @Test func `accounts are named by handle without case, or by number, which a handle of digits is not`()
        throws
    {
        let jack = try #require(AccountName("@Jack"))
        let number = try #require(AccountName("id:12"))
        #expect(jack == AccountName("jack") && number == .number(UserID(12)))
        #expect(AccountName("12") == .handle(try #require(Handle("12"))))
        for wrong in ["", "id:", "id:x", "id:-1", "two words", "a_name_too_long_for_x"] {
            #expect(AccountName(wrong) == nil, "\(wrong)")
        }
        #expect([jack, number].map(\.description) == ["Jack", "id:12"])
        let refusals = Refusals(denied: [jack, number])
        #expect(refusals.denies(UserID(1), handle: "JACK") && refusals.denies(UserID(12), handle: "renamed"))
        #expect(!refusals.denies(UserID(1), handle: "jackson") && !refusals.denies(UserID(1), handle: nil))
    }

    @Test func `a post without somebody names and links what they wrote, and tells none of it`() throws {
        let quoted = Snapshot.fixture(1, "secret words", by: Cast.carol) { _ in }
        let snapshot = Snapshot.fixture(2, "Look at this", by: Cast.bob) {
            $0.post.references = [Post.Reference(.quoted, quoted.post.id)]
            $0.referenced = [quoted]
        }
        let converter = Converter(Cast.settings)
        let whole = try #require(
            try converter.draft(of: snapshot, by: Cast.key(Cast.bob), with: Resolution()))
        #expect(whole.event.content.contains("secret words"))
        let silent = snapshot.without { $0.post.author == Cast.carol.id }
        let told = try #require(try converter.draft(of: silent, by: Cast.key(Cast.bob), with: Resolution()))
        #expect(!told.event.content.contains("secret"))
        #expect(told.event.content.contains("https://x.com/i/status/\(quoted.post.id)"))
        #expect(snapshot.without { _ in false } == snapshot)
    }
}
