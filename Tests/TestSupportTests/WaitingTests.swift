// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

@Suite struct WaitingTests {
    @Test func `what is waited for is returned as soon as it is there`() async throws {
        var asked = 0
        let value = try await eventually("the third time") { () -> Int? in
            asked += 1
            return asked == 3 ? asked : nil
        }
        #expect(value == 3)
    }

    @Test func `waiting gives up after its limit and says for what`() async {
        let error = await #expect(throws: TimedOut.self) {
            try await eventually("a miracle", within: .milliseconds(20)) { false }
        }
        #expect(error?.what == "a miracle")
    }

    @Test func `a body that hangs is cut off`() async {
        await #expect(throws: TimedOut.self) {
            try await withTimeout(.milliseconds(20)) { try await Task.sleep(for: .seconds(3600)) }
        }
    }

    @Test func `a body that is in time keeps its result`() async throws {
        #expect(try await withTimeout(.seconds(60)) { 42 } == 42)
    }
}
