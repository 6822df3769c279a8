// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@testable import TweetBridge

@Suite struct BridgeTokensTests {
    private func pair(_ access: String, rotation: Int) -> TokenPair {
        TokenPair(
            access: Secret(access), refresh: Secret("r-\(access)"), obtainedAt: 5, expiresAt: 7_205,
            scope: "x",
            rotation: rotation)
    }

    @Test func `tokens are kept sealed, and older ones never replace newer ones`() async throws {
        let world = try BridgeWorld()
        let tokens = BridgeTokens(world.store)
        #expect(try await tokens.load("owner") == nil)
        try await tokens.save(pair("very-first", rotation: 0), "owner")
        try await tokens.save(pair("very-first", rotation: 0), "owner")
        try await tokens.save(pair("second", rotation: 1), "owner")
        #expect(try await tokens.load("owner") == pair("second", rotation: 1))
        for stale in [pair("very-first", rotation: 0), pair("other", rotation: 1)] {
            await #expect(throws: BridgeStoreError.conflict("credential owner")) {
                try await tokens.save(stale, "owner")
            }
        }
        // An operator who signs in anew.
        try await tokens.save(pair("anew", rotation: 9), "owner")
        #expect(try await tokens.load("owner")?.access == Secret("anew"))
        for row in try world.rows().values { #expect(!String(decoding: row, as: UTF8.self).contains("anew")) }
    }
}
