// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Words that stand for the seed of all keys (BIP-39, the English list).
///
/// The words are checked and then forgotten: only the seed is kept. Nothing here prints either.
public struct Mnemonic: Sendable {
    /// The 64 bytes that keys are derived from.
    public let seed: Seed

    /// - Parameters:
    ///   - text: 12, 15, 18, 21 or 24 words, in either case, with any white space around and between them.
    ///   - passphrase: a further secret; ASCII, as other text would have to be brought into normal form KD.
    /// - Throws: ``MnemonicError``, which never says what was written.
    public init(_ text: String, passphrase: String = "") throws(MnemonicError) {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
        try Self.check(words)
        guard passphrase.utf8.allSatisfy({ $0 < 0x80 }) else { throw .passphraseBeyondASCII }
        seed = Seed(
            password: Array(words.joined(separator: " ").utf8), salt: Array("mnemonic\(passphrase)".utf8))
    }

    /// Eleven bits a word: a multiple of 32 bits of chance, and a bit of their hash for each 32.
    private static func check(_ words: [String]) throws(MnemonicError) {
        guard (12...24).contains(words.count), words.count % 3 == 0 else { throw .wordCount(words.count) }
        var bits: [Bool] = []
        for (place, word) in words.enumerated() {
            guard let number = EnglishWords.number(of: word) else { throw .unknownWord(at: place + 1) }
            bits += (0..<11).map { number >> (10 - $0) & 1 == 1 }
        }
        let chance = words.count * 32 / 3
        let bytes = stride(from: 0, to: chance, by: 8).map { start in
            bits[start..<(start + 8)].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
        }
        let hash = SHA256.digest(bytes).bytes[0]
        for (place, bit) in bits[chance...].enumerated() where (hash >> (7 - UInt8(place)) & 1 == 1) != bit {
            throw .wrongChecksum
        }
    }
}

/// Why words are no mnemonic; says nothing of the words themselves.
public enum MnemonicError: Error, Hashable, Sendable {
    /// Neither 12, 15, 18, 21 nor 24.
    case wordCount(Int)
    /// This one, counted from 1, is not in the English list.
    case unknownWord(at: Int)
    /// The words do not belong together: one is wrong, or they are in the wrong order.
    case wrongChecksum
    case passphraseBeyondASCII
}

extension MnemonicError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .wordCount(let count): "a mnemonic has 12, 15, 18, 21 or 24 words, not \(count)"
        case .unknownWord(let place): "word \(place) of the mnemonic is not in the English list of BIP-39"
        case .wrongChecksum: "the checksum of the mnemonic is wrong: a word is, or their order"
        case .passphraseBeyondASCII: "the passphrase of the mnemonic must be ASCII"
        }
    }
}
