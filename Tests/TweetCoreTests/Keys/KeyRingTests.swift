// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing
import TweetCore

@Suite struct KeyRingTests {
    private static let words = String(repeating: "abandon ", count: 11) + "about"

    private static func ring(_ scheme: KeyScheme, _ words: String = words) throws -> KeyRing {
        KeyRing(scheme, seed: try Mnemonic(words).seed)
    }

    @Test(arguments: [
        (123_456, "e88caa90400dfeb3b81aab24b04ad1713de212d89e63b6cb9649fa7040bf7e74"),
        (2_244_994_945, "047da4aaea17943f85e8786e7b7e88d5cc247bd0f1cb098f5a869b5ad11456de"),
        (1_600_000_000_000_000_001, "eca9ca9c2c68a743d98ea64b90b025a8f7b61e30777c1eaa831d91683d5d471b"),
        (0, "c62c24ff183cdbb83d8ebf0e37a634c8c6d6e11cfb5256ac8c129e2f8f899e80"),
        (1 << 62, "16e5a3c80b48fd51b42fefed0e0c5647f3b104d560d0f60969abfd9d4e7f977a"),
        (UInt64.max, "9526fc2e30a95485125747e63dfab4dfa612601053c4921217cf114359ae11fc"),
    ])
    func `by default every account has a path of its own`(user: UInt64, key: String) throws {
        #expect(try Self.ring(.nip06ID).key(of: UserID(user))?.publicKey.hex == key)
    }

    @Test(arguments: [
        (123_456, "a0ea3625d65b48cdbc72d7037428daa9cba08d75283ff9a30a1ade55d8668b23"),
        (2_244_994_945, "1ce8ef7860a7c72a270c82a8e40052e36654466cfd314d24ff80862dcc221516"),
        (1_600_000_000_000_000_001, "99fb4a6deeda48166589fecd232811f32343e891184e794ba4d22ab22594a280"),
    ])
    func `mirrors begun with nostrweet keep their keys`(user: UInt64, key: String) throws {
        #expect(try Self.ring(.nostrweet).key(of: UserID(user))?.publicKey.hex == key)
    }

    @Test func `the secret of a nostrweet key is the published one`() throws {
        let key = try #require(try Self.ring(.nostrweet).key(of: UserID(123_456)))
        #expect(Hex.string(key.bytes) == "b894d472508ac86440f9277f70e936b932a929d66557e0ebbaea7bf3fdf88d14")
    }

    @Test(arguments: [
        (737_206_197, "47f513fc85c36fffcf78ee4ae3883a066a85f68cd90c8ce43170ea9cb973c9a2"),
        (0, "e8bcf3823669444d0b49ad45d65088635d9fd8500a75b5f20b59abefa56a144f"),
        (1, "7e956dc460e4f63fc6c5bcb5ab4a541691ff192a398cdcca0fe7ae8da4629dd6"),
        (2_147_483_647, "6c0374673f84a17b48ad5e723f3d395c47dc88c0d3ebe15b0d814039d50b0d6d"),
    ])
    func `with numbered accounts the number alone decides`(index: UInt32, key: String) throws {
        let ring = try Self.ring(.nip06Index)
        #expect(ring.key(of: UserID(1), index: index)?.publicKey.hex == key)
        #expect(ring.key(of: UserID(2), index: index)?.publicKey.hex == key)
    }

    @Test(arguments: [
        (
            "leader monkey parrot ring guide accident before fence cannon height naive bean",
            "nsec10allq0gjx7fddtzef0ax00mdps9t2kmtrldkyjfs8l5xruwvh2dq0lhhkp",
            "npub1zutzeysacnf9rru6zqwmxd54mud0k44tst6l70ja5mhv8jjumytsd2x7nu"
        ),
        (
            "what bleak badge arrange retreat wolf trade produce cricket blur garlic valid proud rude strong "
                + "choose busy staff weather area salt hollow arm fade",
            "nsec1c9wh8xy5eqdzln7n5t0ctgxjcrdug73gp5yj0x03gntn67h83twssdfhel",
            "npub16sdj9zv4f8sl85e45vgq9n7nsgt5qphpvmf7vk8r5hhvmdjxx4es8rq74h"
        ),
    ])
    func `the vectors of NIP-06 hold`(words: String, nsec: String, npub: String) throws {
        let key = try #require(try Self.ring(.nip06Index, words).key(of: UserID(7), index: 0))
        #expect(NIP19Entity.nsec(try #require(Bytes32(key.bytes))).bech32 == nsec)
        #expect(key.publicKey.npub == npub)
    }

    @Test(arguments: [nil, 1 << 31, UInt32.max])
    func `numbered accounts without a number have no key`(index: UInt32?) throws {
        #expect(try Self.ring(.nip06Index).key(of: UserID(1), index: index) == nil)
    }

    @Test func `accounts that share a key with nostrweet have two by default`() throws {
        // 31 bits of a hash: found by trying numbers until two were equal.
        let (first, second) = (UserID(Self.collision.0), UserID(Self.collision.1))
        let old = try Self.ring(.nostrweet)
        #expect(old.key(of: first)?.publicKey == old.key(of: second)?.publicKey)
        let new = try Self.ring(.nip06ID)
        #expect(new.key(of: first)?.publicKey != new.key(of: second)?.publicKey)
    }

    private static let collision: (UInt64, UInt64) = (1000030, 1024806)

    @Test(arguments: KeyScheme.allCases)
    func `a ring shows nothing of its seed`(scheme: KeyScheme) throws {
        let mnemonic = try Mnemonic(Self.words)
        let ring = try Self.ring(scheme)
        var texts = ["\(ring)", String(reflecting: ring), "\(mnemonic)", String(reflecting: mnemonic)]
        for value in [mnemonic as Any, mnemonic.seed, ring] {
            var text = ""
            dump(value, to: &text)
            texts.append(text)
        }
        // The seed begins with 5eb00bbd: 94, 176, 11, 189.
        for text in texts {
            #expect(!text.contains("abandon") && !text.contains("176") && !text.contains("5eb00bbd"))
        }
    }
}
