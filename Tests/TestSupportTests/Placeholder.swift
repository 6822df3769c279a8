// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@Suite struct TestSupportTestsPlaceholder {
    @Test func `the suite runs`() { #expect(Bool(true)) }
}
