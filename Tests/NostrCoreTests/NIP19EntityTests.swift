// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@Suite struct NIP19EntityTests {
    private static let key = "3bf0c63fcb93463407af97a5e5ee64fa883d107ef9e558472c4eb9aaaefa459d"

    private func bytes(_ hex: String) throws -> Bytes32 { try #require(PublicKey(hex: hex)).bytes }

    // The vectors of NIP-19.
    @Test func `a public key reads and writes as in NIP-19`() throws {
        let text = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"
        let key = PublicKey(
            try bytes("7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e"))
        #expect(NIP19Entity(bech32: text) == .npub(key))
        #expect(NIP19Entity.npub(key).bech32 == text)
    }

    @Test func `a secret key reads and writes as in NIP-19`() throws {
        let text = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"
        let key = try bytes("67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa")
        #expect(NIP19Entity(bech32: text) == .nsec(key))
        #expect(NIP19Entity.nsec(key).bech32 == text)
    }

    @Test func `a profile reads and writes as in NIP-19`() throws {
        let text =
            "nprofile1qqsrhuxx8l9ex335q7he0f09aej04zpazpl0ne2cgukyawd24mayt8gpp4mhxue69uhhytnc9e3k7mgpz4mhxue69uhkg"
            + "6nzv9ejuumpv34kytnrdaksjlyr9p"
        let profile = NIP19Entity.nprofile(
            PublicKey(try bytes(Self.key)), relays: ["wss://r.x.com", "wss://djbas.sadkb.com"])
        #expect(NIP19Entity(bech32: text) == profile)
        #expect(profile.bech32 == text)
    }

    @Test func `every kind of entity reads back as it was written`() throws {
        let (id, key) = (EventID(try bytes(Self.key)), PublicKey(try bytes(Self.key)))
        let address = EventAddress(kind: Kind(rawValue: 30617), pubkey: key, identifier: "a:b/ü🪶")
        let entities: [NIP19Entity] = [
            .note(id), .nprofile(key, relays: []),
            .nevent(id, relays: ["wss://a.test"], author: key, kind: 1),
            .nevent(id, relays: [], author: nil, kind: nil),
            .naddr(address, relays: ["wss://a.test", "wss://b.test"]),
        ]
        for entity in entities {
            #expect(NIP19Entity(bech32: try #require(entity.bech32)) == entity)
        }
    }

    @Test(arguments: [
        "", "npub1", "npub", "hello", "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptq",
        "Npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg",
        "note10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg",
        "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjpt",
    ])
    func `what is not NIP-19 is refused`(text: String) {
        #expect(NIP19Entity(bech32: text) == nil)
    }

    @Test func `an identifier that does not fit is not written`() throws {
        let address = EventAddress(
            kind: Kind(rawValue: 30617), pubkey: PublicKey(try bytes(Self.key)),
            identifier: TagValue(String(repeating: "x", count: 256)))
        #expect(NIP19Entity.naddr(address, relays: []).bech32 == nil)
    }
}
