// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@testable import EventStore

@Suite struct KeyTests {
    private func bytes(_ key: Key) -> [UInt8] { key.span.withUnsafeBufferPointer { Array($0) } }

    /// The vectors of the SipHash paper: key 00 … 0f, message 00, 01, 02 …
    @Test(
        arguments: [
            (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (7, 0xab02_00f5_8b01_d137),
            (8, 0x93f5_f579_9a93_2462), (15, 0xa129_ca61_49be_45e5), (63, 0x958a_324c_eb06_4572),
        ] as [(Int, UInt64)])
    func `hashes are SipHash-2-4`(_ length: Int, _ expected: UInt64) {
        let message = (0..<length).map { UInt8($0) }
        let secret = KeyHash.Secret(low: 0x0706_0504_0302_0100, high: 0x0f0e_0d0c_0b0a_0908)
        for split in 0...min(length, 9) {
            var hash = KeyHash(secret)
            for byte in message.prefix(split) { hash.absorb(byte) }
            hash.absorb(Array(message.dropFirst(split)).span)
            #expect(hash.finish() == expected)
        }
    }

    @Test func `keys are the bytes that the layout describes`() {
        let posting = Posting(
            invertedTime: KeyMaker.invert(Timestamp(0x0102_0304)), idPrefix: 0xAABB_CCDD,
            serial: Serial(rawValue: 0x0A0B_0C0D_0E0F))
        let entry = IndexEntry(
            value: IndexValue(prefix: 0x1122_3344_5566_7788, kind: 0x9911), posting: posting)
        let prefix: [UInt8] = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]
        let kind: [UInt8] = [0x99, 0x11]
        let time: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0xAA, 0xBB, 0xCC, 0xDD]
        let serial: [UInt8] = [0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F]
        let expected: [IndexTable: [UInt8]] = [
            .id: prefix + serial, .created: time + serial, .kind: kind + time + serial,
            .author: prefix + time + serial, .authorKind: prefix + kind + time + serial,
            .tag: prefix + time + serial, .tagKind: prefix + kind + time + serial, .address: prefix + serial,
            .expiry: prefix + serial,
        ]
        for table in IndexTable.allCases {
            let key = entry.key(in: table)
            #expect(bytes(key) == expected[table])
            #expect(key.count == table.keyBytes && key.count <= 511)
            if table.hasTime { #expect(Posting(endOf: key.span) == posting) }
        }
    }

    @Test func `keys sort newest first, lowest id first among equals`() {
        let moments: [Int64] = [.max, 1 << 40, 1 << 32, 1_700_000_000, 1, 0]
        var previous: [UInt8]?
        for moment in moments {
            for prefix: UInt32 in [0, 1, .max] {
                let posting = Posting(
                    invertedTime: KeyMaker.invert(Timestamp(moment)), idPrefix: prefix,
                    serial: Serial(rawValue: 9))
                let key = bytes(IndexEntry(value: IndexValue(), posting: posting).key(in: .created))
                if let previous { #expect(previous.lexicographicallyPrecedes(key)) }
                previous = key
                #expect(KeyMaker.time(inverted: posting.invertedTime).seconds == moment)
            }
        }
    }

    @Test func `dealing into buckets sorts as sorting does`() {
        var state: UInt64 = 7
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
        for mask: UInt64 in [.max, 0xF000_0000_0000_0000, 3] {
            var entries = (0..<5000).map { _ in
                IndexEntry(
                    value: IndexValue(prefix: next() & mask, kind: UInt16(next() % 3)),
                    posting: Posting(
                        invertedTime: next() % 5, idPrefix: 0, serial: Serial(rawValue: next() % 9000)))
            }
            let expected = entries.sorted()
            IndexSort.sort(&entries)
            #expect(entries == expected)
        }
    }
}
