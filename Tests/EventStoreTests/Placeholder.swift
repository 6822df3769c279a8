// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@Suite struct EventStoreTestsPlaceholder {
    @Test func `the suite runs`() { #expect(Bool(true)) }
}
