// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@Suite struct rookeryTestsPlaceholder {
    @Test func `the suite runs`() { #expect(Bool(true)) }
}
