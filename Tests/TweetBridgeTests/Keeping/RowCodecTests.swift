// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@testable import TweetBridge

@Suite struct RowCodecTests {
    @Test func `numbers of 64 bits come back as they were`() throws {
        for number: UInt64 in [0, 9_007_199_254_740_993, 2_083_157_183_716_917_248, .max] {
            let row = try RowCodec.encode(PostID(number))
            #expect(try RowCodec.decode(row, as: PostID.self) == PostID(number))
        }
    }

    @Test func `long rows are compressed, and the same value has the same bytes`() throws {
        let post = ReadPost.fixture(5, text: String(repeating: "words ", count: 500)).snapshot
        let row = try RowCodec.encode(post)
        #expect(row.first == 2 && row.count < 1_000)
        #expect(try RowCodec.decode(row, as: Snapshot.self) == post)
        #expect(try RowCodec.encode(post) == row)
        #expect(try RowCodec.encode(PostID(1)).first == 1)
    }

    @Test(arguments: [[], [9, 1], [1, 0x7B], [2, 1, 2, 3], [2], [3]] as [[UInt8]])
    func `a row that cannot be read is told of`(row: [UInt8]) {
        #expect(throws: BridgeStoreError.self) { try RowCodec.decode(row, as: PostID.self) }
    }

    @Test func `bytes come back, compressed or not`() throws {
        let bytes = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        for compressing in [true, false] {
            let row = RowCodec.encode(bytes: bytes, compressing: compressing)
            #expect(try RowCodec.bytes(of: row) == bytes)
        }
        #expect(throws: BridgeStoreError.self) { try RowCodec.bytes(of: [1, 2]) }
    }

    @Test func `keys come in the order of their numbers`() {
        let ids: [UInt64] = [0, 1, 255, 256, 999_999_999_999_999_999, 1_000_000_000_000_000_000, .max]
        let keys = ids.map { RowKey("p").with(PostID($0)).bytes }
        #expect(keys.sorted { $0.lexicographicallyPrecedes($1) } == keys)
        var reader = KeyReader(keys[4])
        #expect(reader.number() == ids[4] && reader.number() == nil)
    }

    @Test(arguments: [
        FetchScope.timeline(UserID(5)), .timeline(UserID(9_999_999_999_999_999_999)), .search("abc"),
        .search("x:y"),
    ])
    func `a list is found again by its name`(scope: FetchScope) {
        #expect(FetchScope(scope.text) == scope)
    }
}
