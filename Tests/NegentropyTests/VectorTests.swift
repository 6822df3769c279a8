// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import Negentropy

/// What other implementations write, byte by byte (NIP-77, protocol version 1).
@Suite struct VectorTests {
    private let lone = NegentropyArray([
        NegentropyItem(
            timestamp: 12_345,
            id: EventID(
                Bytes32(
                    words: (
                        0xEEEE_EEEE_EEEE_EEEE, 0xEEEE_EEEE_EEEE_EEEE, 0xEEEE_EEEE_EEEE_EEEE,
                        0xEEEE_EEEE_EEEE_EEEE
                    ))))
    ])

    private static let numbers: [(UInt64, String)] = [
        (0, "00"), (127, "7f"), (128, "8100"), (300, "822c"), (16_384, "818000"),
        (1_700_000_000, "86aacfe200"), (.max, "81ffffffffffffffff7f"),
    ]

    @Test(arguments: numbers) func `numbers are written in base 128`(number: UInt64, hex: String) throws {
        var bytes: [UInt8] = []
        Varint.append(number, to: &bytes)
        #expect(Hex.string(bytes) == hex)
        var reader = MessageReader(bytes)
        #expect(try reader.varint() == number)
        #expect(reader.isAtEnd)
    }

    @Test func `fingerprints are those of the sum of ids and their number`() throws {
        #expect(hex(of: []) == "7f9c9e31ac8256ca2f258583df262dbc")
        #expect(hex(of: [String(repeating: "ee", count: 32)]) == "d5530eded759c1cb5749aacb9bc66bb2")
        let carried = [String(repeating: "ff", count: 32), "01" + String(repeating: "00", count: 31)]
        #expect(hex(of: carried) == "58cc2f44d3a27866874701fbad573da9")
    }

    private static let listed = "6100000201" + String(repeating: "ee", count: 32)
    private static let answers: [(String, String)] = [
        ("6100000200", listed), ("61000001" + "7f9c9e31ac8256ca2f258583df262dbc", listed),
        ("61000001" + "d5530eded759c1cb5749aacb9bc66bb2", "61"), ("62aabbccddeeff", "61"), ("61", "61"),
    ]

    @Test(arguments: answers) func `a relay of one item answers as others do`(message: String, answer: String)
        throws
    {
        let server = NegentropyServer(limits: NegentropyLimits())
        #expect(Hex.string(try server.answer(Self.bytes(message), from: lone)) == answer)
    }

    @Test func `a client of forty items begins as others do`() throws {
        let spread = (0..<40).map { item($0, at: 1_700_000_000 + UInt64($0)) }
        let first = try begin(spread)
        #expect(first.count == 309)
        #expect(Hex.string(first).hasPrefix("6186aacfe20400015fa8325a"))
        #expect(
            Hex.string(SHA256.digest(first).bytes)
                == "22b26aaa572a7f478496e2e33c86dfbf6f34ce21c90426d7eedacffe1f14937f")
    }

    @Test func `bounds within one second have as few bytes of an id as they need`() throws {
        let first = try begin((0..<40).map { item($0, at: 1_700_000_000) })
        #expect(first.count == 326)
        #expect(Hex.string(first).hasPrefix("6186aacfe2010135013a3cf4"))
        #expect(
            Hex.string(SHA256.digest(first).bytes)
                == "a73b141ead36d99d0bade53e97f7975e726cbae5b15188b09284b506ed2530c1")
    }

    private func begin(_ items: [NegentropyItem]) throws -> [UInt8] {
        try NegentropyClient(limits: NegentropyLimits()).begin(from: NegentropyArray(items))
    }

    private func item(_ number: Int, at time: UInt64) -> NegentropyItem {
        NegentropyItem(timestamp: time, id: EventID(SHA256.digest(Array(String(number).utf8))))
    }

    private func hex(of ids: [String]) -> String {
        var sum = NegentropySum()
        for id in ids.compactMap(EventID.init(hex:)) { sum.add(id) }
        let fingerprint = sum.fingerprint
        return Hex.string(
            [fingerprint.high, fingerprint.low].flatMap { word in
                withUnsafeBytes(of: word.bigEndian) { Array($0) }
            })
    }

    static func bytes(_ hex: String) throws -> [UInt8] {
        let digits = Array(hex.utf8)
        let bytes = Hex.decode(digits.span, count: digits.count / 2)
        return try #require(bytes)
    }
}
