// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@testable import SyncEngine

@Suite struct LogThinningTests {
    @Test func `one line of a kind comes in a while, and says how many it stands for`() {
        var thinning = LogThinning<String>(interval: .seconds(60))
        #expect(thinning.take("a", at: .zero) == 1)
        for second in 1..<60 { #expect(thinning.take("a", at: .zero + .seconds(second)) == nil) }
        #expect(thinning.take("b", at: .zero + .seconds(59)) == 1, "another kind has its own line")
        #expect(thinning.take("a", at: .zero + .seconds(60)) == 60)
        #expect(thinning.take("a", at: .zero + .seconds(119)) == nil)
        #expect(thinning.take("a", at: .zero + .seconds(500)) == 2)
    }

    @Test func `what is forgotten begins anew`() {
        var thinning = LogThinning<String>(interval: .seconds(60))
        #expect(thinning.take("a", at: .zero) == 1)
        #expect(thinning.take("b", at: .zero) == 1)
        thinning.forget { $0 == "a" }
        #expect(thinning.take("a", at: .zero) == 1)
        #expect(thinning.take("b", at: .zero) == nil)
    }
}
