// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@Suite struct SyncPlannerTestsPlaceholder {
    @Test func `the suite runs`() { #expect(Bool(true)) }
}
