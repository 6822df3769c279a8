// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import Negentropy

/// A storage with further items is as if they had been in it from the beginning.
@Suite struct OverlayTests {
    @Test(arguments: 1...40 as ClosedRange<UInt64>) func `an overlay answers as one array of everything`(
        seed: UInt64
    ) {
        var generator = SplitMix64(seed: seed)
        func items(_ count: Int) -> [NegentropyItem] {
            (0..<count).map { _ in
                NegentropyItem(
                    timestamp: UInt64.random(in: 0..<8, using: &generator), id: Exchange.id(&generator))
            }
        }
        let base = items(Int.random(in: 0...40, using: &generator))
        let added =
            items(Int.random(in: 0...20, using: &generator)) + base.shuffled(using: &generator).prefix(5)
        let overlay = NegentropyOverlay(NegentropyArray(base), adding: added + added.prefix(3))
        let whole = NegentropyArray(base + added)
        #expect(overlay.count == whole.count)
        for _ in 0..<50 {
            let bounds = [0, 1].map { _ in Int.random(in: 0...whole.count, using: &generator) }.sorted()
            let range = bounds[0]..<bounds[1]
            #expect(overlay.sum(of: range) == whole.sum(of: range), "seed \(seed)")
            var (found, expected): ([NegentropyItem], [NegentropyItem]) = ([], [])
            let most = Int.random(in: 1...60, using: &generator)
            overlay.items(in: range) { item in
                found.append(item)
                return found.count < most
            }
            whole.items(in: range) { item in
                expected.append(item)
                return expected.count < most
            }
            #expect(found == expected, "seed \(seed)")
            let bound = NegentropyBound(
                timestamp: UInt64.random(in: 0..<9, using: &generator), id: Exchange.id(&generator),
                length: Int.random(in: 0...32, using: &generator))
            #expect(
                overlay.firstIndex(notBefore: bound, in: range)
                    == whole.firstIndex(notBefore: bound, in: range), "seed \(seed)")
        }
    }
}
