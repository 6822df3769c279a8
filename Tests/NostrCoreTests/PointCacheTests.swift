// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@Suite struct PointCacheTests {
    @Test func `a remembered key checks as a fresh one does, also when two share a slot`() {
        let verifier = Verifier()
        var cache = PointCache(slots: 2)
        for round in 0..<3 {
            for author in 0..<6 {
                let event = Event.fixture(content: "\(round)", by: author)
                let other = Event.fixture(content: "other", by: author)
                #expect(event.hasTrueSignature(using: verifier, cache: &cache))
                #expect(
                    !verifier.verify(
                        signature: other.signatureBytes.span, message: event.id.bytes, pubkey: event.pubkey,
                        cache: &cache))
            }
        }
    }

    @Test func `what is no point on the curve has no true signature`() {
        var cache = PointCache(slots: 1)
        let event = Event.fixture()
        let nowhere = PublicKey(Bytes32(words: (.max, .max, .max, .max)))
        for _ in 0..<2 {
            #expect(
                !Verifier().verify(
                    signature: event.signatureBytes.span, message: event.id.bytes, pubkey: nowhere,
                    cache: &cache))
        }
    }
}
