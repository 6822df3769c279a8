// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@Suite struct TelemetryTestsPlaceholder {
    @Test func `the suite runs`() { #expect(Bool(true)) }
}
