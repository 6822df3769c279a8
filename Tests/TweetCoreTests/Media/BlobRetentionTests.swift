// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing
import TweetCore

@Suite struct BlobRetentionTests {
    private func hash(_ number: UInt64) -> Bytes32 { Bytes32(words: (0, 0, 0, number)) }

    private func chosen(
        _ limits: MediaLimits, _ blobs: [(number: UInt64, size: Int64, used: Int64, isFree: Bool)],
        areNamed: Bool = true, at now: Int64 = 1_000
    ) -> [Bytes32] {
        var retention = BlobRetention(limits, at: now)
        for blob in blobs {
            retention.add(
                hash(blob.number), size: blob.size, lastUsed: blob.used, isNamed: areNamed,
                isFree: blob.isFree)
        }
        return retention.chosen()
    }

    @Test func `what is unused for too long goes, and nothing that somebody has a right to`() {
        var limits = MediaLimits()
        limits.keptSeconds = 100
        #expect(
            chosen(
                limits,
                [(1, 5, 950, true), (2, 5, 899, true), (3, 5, 10, false), (4, 5, 900, true), (5, 5, 0, true)])
                == [hash(5), hash(2)])
    }

    @Test func `while there is too much the longest unused go`() {
        var limits = MediaLimits()
        limits.maxTotalBytes = 20
        #expect(
            chosen(limits, [(1, 10, 5, true), (2, 10, 3, true), (3, 10, 4, false), (4, 10, 1, true)])
                == [hash(4), hash(2)])
        #expect(chosen(limits, [(1, 10, 5, true), (2, 10, 3, true)]).isEmpty)
        #expect(chosen(limits, [(1, 30, 5, false)]).isEmpty)
    }

    @Test func `without a rule nothing goes that is named, and what is not goes soon`() {
        let file = [(number: UInt64(1), size: Int64.max / 2, used: Int64(0), isFree: true)]
        #expect(chosen(MediaLimits(), file, at: 100_000_000_000).isEmpty)
        #expect(chosen(MediaLimits(), file, areNamed: false, at: 3_600).isEmpty)
        #expect(chosen(MediaLimits(), file, areNamed: false, at: 3_601) == [hash(1)])
    }

    @Test func `of too much, what nobody names goes first`() {
        var limits = MediaLimits()
        limits.maxTotalBytes = 10
        var retention = BlobRetention(limits, at: 1_000)
        retention.add(hash(1), size: 10, lastUsed: 0, isFree: true)
        retention.add(hash(2), size: 10, lastUsed: 900, isNamed: false, isFree: true)
        #expect(retention.chosen() == [hash(2)])
    }

    @Test func `one round removes so many, the longest unused of all`() {
        var limits = MediaLimits()
        limits.keptSeconds = 1
        limits.tidiedPerRound = 3
        let blobs = (0..<50).map {
            (number: UInt64($0), size: Int64(1), used: Int64($0 * 7 % 50), isFree: true)
        }
        let oldest = blobs.sorted { $0.used < $1.used }.prefix(3).map { hash($0.number) }
        #expect(chosen(limits, blobs) == oldest)
    }
}
