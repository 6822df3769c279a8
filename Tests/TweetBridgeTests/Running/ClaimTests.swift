// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Ingest
import NostrCore
import TestSupport
import Testing
import TweetCore
import XStandIn

@testable import TweetBridge

/// Owners of accounts who have a key of their own.
@Suite(.timeLimit(.minutes(3))) struct ClaimTests {
    private let ada = Handle("ada")
    private let bob = Handle("bob")
    private let own = TestKey.publicKey(77)

    private func scene(_ change: (inout BridgeConfiguration) -> Void = { _ in }) async throws -> BridgeScene {
        let handles = try [#require(ada), #require(bob)]
        return try await BridgeScene {
            $0.handles = handles
            change(&$0)
        }
    }

    /// Both are mirrored, and ada has posted a proof.
    private func proved(_ scene: BridgeScene) async throws -> (ada: XUserID, bob: XUserID, proof: PostID) {
        let (user, other) = try scene.x.withWorld { (try $0.addUser("ada"), try $0.addUser("bob")) }
        let proof = try scene.x.withWorld {
            try $0.post("Verifying my account on nostr My Public Key: \"\(own.npub)\"", by: user)
        }
        scene.pass(.seconds(60))
        try await scene.once()
        return (user, other, PostID(proof))
    }

    @Test func `mentions mean the key that was proved, and the mirror says where its owner writes`()
        async throws
    {
        let scene = try await scene()
        let (user, other, proof) = try await proved(scene)
        let wish = Bridge.ClaimWish(try #require(ada), key: own, proof: proof, .mirror)
        let (row, _, file) = try await (try scene.bridge()).claim(wish)
        #expect(row.key == own && file == nil)
        _ = try scene.x.withWorld { try $0.post("Ask @ada", by: other) }
        _ = try scene.x.withWorld { try $0.post("I am here, too", by: user) }
        scene.pass(.seconds(3_600))
        try await scene.once()
        #expect(scene.observer.now.errors == [])
        let mention = try #require(try scene.events().first { $0.content.hasPrefix("Ask ") })
        #expect(mention.content == "Ask nostr:\(own.npub)")
        #expect(mention.tags.contains { $0.name == "p" && $0.elements[1].string == own.hex })
        #expect(try scene.texts().contains("I am here, too"), "the mirror goes on")
        #expect(try scene.events([.metadata]).count { $0.content.contains(own.npub) } == 1)
        #expect(try await scene.world.store.forgetClaim(of: row.user))
        try await scene.end()
    }

    @Test func `what does not prove it changes nothing`() async throws {
        let scene = try await scene()
        let (_, _, proof) = try await proved(scene)
        let bridge = try scene.bridge()
        let wishes = try [
            Bridge.ClaimWish(#require(ada), key: TestKey.publicKey(5), proof: proof, .stop),
            Bridge.ClaimWish(#require(bob), key: own, proof: proof, .stop),
            Bridge.ClaimWish(#require(ada), key: own, proof: PostID(1), .stop),
            Bridge.ClaimWish(#require(ada), key: own, proof: nil, .stop),
            Bridge.ClaimWish(#require(Handle("nobody")), key: own, proof: proof, .stop),
        ]
        for wish in wishes {
            await #expect(throws: BridgeFault.self, "\(wish)") { try await bridge.claim(wish) }
        }
        #expect(try scene.world.store.claims().isEmpty)
        #expect(try scene.world.store.accounts().allSatisfy(\.isActive))
        try await scene.end()
    }

    @Test func `a claim in a stored event is believed when its proof is at X`() async throws {
        let scene = try await scene()
        let (_, _, proof) = try await proved(scene)
        for (key, post) in [(77, proof), (78, proof), (77, PostID(12))] {
            let event = Event.fixture(
                kind: .identities, at: scene.world.now / 1_000 - Int64(post.number % 7) - Int64(key),
                tags: [Tag(["i", "twitter:ada", "\(post)"])], by: key)
            _ = await scene.world.ingest.submit([ParsedEvent(event: event)], from: .bridge)
        }
        let wish = Bridge.ClaimWish(try #require(ada), key: nil, proof: nil, .mirror)
        #expect(try await (try scene.bridge()).claim(wish).row.key == own)
        try await scene.end()
    }

    @Test func `a mirror that ends says so first, and its key is handed over once and for all`() async throws
    {
        let directory = try TemporaryDirectory()
        let scene = try await scene { $0.handOverDirectory = directory.path + "/handed-over" }
        let (user, _, proof) = try await proved(scene)
        let bridge = try scene.bridge()
        let key = try #require(try await bridge.key(ofHandle: "ada"))
        let (row, _, path) = try await bridge.claim(
            Bridge.ClaimWish(try #require(ada), key: own, proof: proof, .handOver))
        let file = try #require(path)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        guard
            case .nsec(let bytes)? = NIP19Entity(bech32: text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { return #expect(Bool(false), "no key") }
        #expect(SecretKey(bytes: bytes.bytes)?.publicKey == key)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try scene.events([.metadata]).contains { $0.pubkey == key && $0.content.contains(own.npub) })
        #expect(try scene.world.store.account(row.user)?.stop == .handedOver)
        _ = try scene.x.withWorld { try $0.post("not ours to say", by: user) }
        scene.pass(.seconds(3_600))
        try await scene.once()
        #expect(try !scene.texts().contains("not ours to say"))
        await #expect(throws: BridgeFault.self) { try await bridge.addAccounts([try #require(ada)]) }
        // Whatever is wanted, nothing here signs with it any more.
        let signed = try scene.events([.metadata, .deletion, .textNote]).count { $0.pubkey == key }
        await #expect(throws: BridgeFault.self) { try await bridge.remove(row.user, erases: true) }
        await #expect(throws: BridgeStoreError.self) {
            try await bridge.profiles.publishProfile(
                of: try #require(try scene.world.store.user(row.user)).user, again: true)
        }
        try await bridge.retractor.absent(proof, .deleted)
        _ = try scene.x.withWorld { try $0.change(user) { $0.bio = "#nobridge" } }
        scene.pass(.seconds(25 * 3_600))
        try await scene.once()
        #expect(try scene.events([.metadata, .deletion, .textNote]).count { $0.pubkey == key } == signed)
        #expect(try scene.world.store.account(row.user)?.stop == .handedOver)
        try await scene.end()
    }
}
