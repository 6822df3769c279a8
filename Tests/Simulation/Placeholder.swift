// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@Suite struct SimulationPlaceholder {
    @Test func `the suite runs`() { #expect(Bool(true)) }
}
