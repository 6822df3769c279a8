// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import TweetCore

/// Whose key an account of X has named (NIP-39).
@Suite struct IdentityClaimTests {
    private let owner = UserID(7)
    private let key = Cast.key(Cast.alice)

    private func claim() throws -> IdentityClaim {
        IdentityClaim(key: key, handle: try #require(Handle("alice")), proof: PostID(50))
    }

    private func post(_ text: String, by author: UserID? = UserID(7)) -> Post {
        var post = Post(id: PostID(50), text: text)
        post.author = author
        return post
    }

    @Test func `a post of the account with the key in it is a proof`() throws {
        let claim = try claim()
        let text = "Verifying my account on nostr My Public Key: \"\(key.npub)\""
        #expect(claim.verdict(on: post(text), by: owner) == .proved)
        var long = post("Verifying my account…")
        long.longText = Post.LongText(text: text)
        #expect(claim.verdict(on: long, by: owner) == .proved)
    }

    @Test func `nothing else is`() throws {
        let claim = try claim()
        let text = "My key: \(key.npub)"
        #expect(claim.verdict(on: nil, by: owner) == .noPost)
        #expect(claim.verdict(on: post(text, by: UserID(8)), by: owner) == .ofSomebodyElse)
        #expect(claim.verdict(on: post(text, by: nil), by: owner) == .ofSomebodyElse)
        #expect(claim.verdict(on: post("My key: \(Cast.key(Cast.bob).npub)"), by: owner) == .withoutKey)
        #expect(claim.verdict(on: post("x\(key.npub)"), by: owner) == .withoutKey, "part of another word")
        var repost = post("RT @mallory: \(key.npub)")
        repost.references = [Post.Reference(.retweeted, PostID(4))]
        #expect(claim.verdict(on: repost, by: owner) == .ofSomebodyElse)
        var other = post(text)
        other.id = PostID(51)
        #expect(claim.verdict(on: other, by: owner) == .noPost)
    }

    @Test func `claims are read from kind 10011 and kind 0, and from nothing else`() throws {
        let tags: [[String]] = [
            ["i", "twitter:Alice", "50"], ["i", "github:alice", "9721"], ["i", "twitter:alice"],
            ["i", "twitter:not a handle", "50"], ["i", "twitter:alice", "proof"],
        ]
        for kind in [Kind.identities, .metadata] {
            let event = Event.fixture(kind: kind, tags: tags.map { Tag($0) })
            #expect(
                IdentityClaim.claims(in: event) == [
                    IdentityClaim(key: event.pubkey, handle: try #require(Handle("alice")), proof: PostID(50))
                ])
        }
        #expect(IdentityClaim.claims(in: Event.fixture(kind: .textNote, tags: tags.map { Tag($0) })).isEmpty)
    }

    @Test func `a profile says where its owner writes, and nothing new while nobody has proved anything`() {
        let converter = Converter(Cast.settings)
        let time = Timestamp(1_800_000_000)
        let plain = converter.profile(of: Cast.bob, by: Cast.key(Cast.bob), at: time)
        let moved = converter.profile(of: Cast.bob, by: Cast.key(Cast.bob), at: time, movedTo: key)
        #expect(plain == converter.profile(of: Cast.bob, by: Cast.key(Cast.bob), at: time, movedTo: nil))
        #expect(moved.event.content.contains("nostr:\(key.npub)"))
        #expect(moved.event.tags.contains { $0.name == "p" && $0.elements[1].string == key.hex })
        #expect(plain.contentHash != moved.contentHash)
    }
}
