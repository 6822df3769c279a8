// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

@Suite struct BlobTidyingTests {
    private func place(_ change: (inout MediaLimits) -> Void) throws -> (BlobPlace, BlobTidying) {
        var limits = MediaLimits()
        change(&limits)
        let place = try BlobPlace(limits: limits)
        return (
            place,
            BlobTidying(place.files, keeping: place.keeping, limits: limits, now: { Timestamp(10_000) })
        )
    }

    private func put(
        _ byte: UInt8, in place: BlobPlace, used: Int64, isNamed: Bool = false, owner: Int? = nil
    ) throws -> Bytes32 {
        let hash = try place.write([UInt8](repeating: byte, count: 100)).hash
        var blob = KeptBlob(
            hash: hash, size: 100, type: "image/png", uploaded: used,
            owners: Set(owner.map { [TestKey.publicKey($0)] } ?? []),
            isNamed: isNamed)
        blob.lastUsed = used
        place.keeping.put(blob)
        return hash
    }

    @Test func `old files go with what is kept of them; what is owned or has to be brought somewhere stays`()
        async throws
    {
        let (place, tidying) = try place { $0.keptSeconds = 100 }
        let old = try [put(1, in: place, used: 10), put(3, in: place, used: 10, isNamed: true)]
        let stays = [
            try put(2, in: place, used: 9_950), try put(4, in: place, used: 10, owner: 1),
            try put(5, in: place, used: 10, isNamed: true),
        ]
        place.keeping.change(stays[2]) { $0.isTravelling = true }
        let round = try await tidying.tidy()
        #expect(round.removed == 2 && round.bytes == 200)
        for hash in old {
            #expect(place.files.size(of: hash) == nil)
            #expect(try await place.keeping.blob(hash) == nil)
        }
        for hash in stays { #expect(place.files.size(of: hash) == 100) }
        #expect(try await tidying.tidy() == BlobTidying.Round())
    }

    @Test func `without a rule only what nobody names goes`() async throws {
        let (place, tidying) = try place { _ in }
        let named = try put(3, in: place, used: 10, isNamed: true)
        let owned = try put(4, in: place, used: 10, owner: 1)
        let young = try put(5, in: place, used: 9_000)
        _ = try put(6, in: place, used: 10)
        #expect(try await tidying.tidy().removed == 1)
        for hash in [named, owned, young] { #expect(place.files.size(of: hash) == 100) }
    }

    @Test func `of too much the longest unused go`() async throws {
        let (place, tidying) = try place { $0.maxTotalBytes = 250 }
        let hashes = try (UInt8(1)...4).map { try put($0, in: place, used: Int64(100 - $0), isNamed: true) }
        #expect(try await tidying.tidy().removed == 2)
        #expect(hashes.map { place.files.size(of: $0) } == [100, 100, nil, nil])
    }

    @Test func `files that nothing knows of are removed, and no others`() async throws {
        let (place, tidying) = try place { _ in }
        let known = try put(1, in: place, used: 1)
        let unknown = try place.write([9, 9, 9]).hash
        #expect(try await tidying.removeUnknown().unknown == 1)
        #expect(place.files.size(of: known) == 100 && place.files.size(of: unknown) == nil)
    }
}
