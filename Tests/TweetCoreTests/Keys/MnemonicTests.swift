// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@testable import TweetCore

@Suite struct MnemonicTests {
    private static let twelve = String(repeating: "abandon ", count: 11) + "about"

    @Test func `the list of words is the published one`() {
        let list = EnglishWords.all.map { $0 + "\n" }.joined()
        #expect(EnglishWords.all.count == 2_048)
        #expect(
            Hex.string(SHA256.digest(Array(list.utf8)).bytes)
                == "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda")
    }

    @Test(arguments: [
        (twelve, "TREZOR", "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e5349553"),
        (twelve, "", "5eb00bbddcf069084889a8ab9155568165f5c453ccb85e70811aaed6f6da5fc1"),
        (
            "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong", "TREZOR",
            "ac27495480225222079d7be181583751e86f571027b0497b5b5d11218e0a8a13"
        ),
    ])
    func `words become the seed of BIP-39`(words: String, passphrase: String, half: String) throws {
        let seed = try Mnemonic(words, passphrase: passphrase).seed
        #expect(Hex.string(seed.secret.bytes[..<32]) == half)
    }

    @Test(arguments: [15, 18, 21, 24])
    func `longer mnemonics have longer checksums`(count: Int) throws {
        // Zeroes throughout, but for the last word, which holds the checksum.
        let last = [15: "address", 18: "agent", 21: "admit", 24: "art"][count] ?? ""
        _ = try Mnemonic(String(repeating: "abandon ", count: count - 1) + last)
        #expect(throws: MnemonicError.wrongChecksum) {
            try Mnemonic(String(repeating: "abandon ", count: count - 1) + "zoo")
        }
    }

    @Test func `white space and case do not matter`() throws {
        let loose = "\n  " + Self.twelve.uppercased().replacing(" ", with: "\t \r\n") + "\n"
        #expect(try Mnemonic(loose).seed.secret.bytes == Mnemonic(Self.twelve).seed.secret.bytes)
    }

    @Test(arguments: [
        ("", MnemonicError.wordCount(0)),
        ("abandon about", .wordCount(2)),
        (twelve + " about", .wordCount(13)),
        (String(repeating: "abandon ", count: 27), .wordCount(27)),
        (twelve.replacing("about", with: "sesame"), .unknownWord(at: 12)),
        (String(repeating: "abandon ", count: 12), .wrongChecksum),
        ("about " + String(repeating: "abandon ", count: 11), .wrongChecksum),
    ])
    func `what is no mnemonic is refused without being repeated`(words: String, error: MnemonicError) throws {
        #expect(throws: error) { try Mnemonic(words) }
        #expect(!"\(error)".contains("sesame") && !String(reflecting: error).contains("abandon"))
    }

    @Test func `a passphrase that cannot be brought into normal form is refused`() {
        #expect(throws: MnemonicError.passphraseBeyondASCII) { try Mnemonic(Self.twelve, passphrase: "é") }
    }
}
