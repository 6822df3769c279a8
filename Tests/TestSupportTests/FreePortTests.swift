// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

struct FreePortTests {
    @Test func `a free port is none that an outgoing connection could take, and is not given twice`() throws {
        let ports = try (0..<50).map { _ in try RookeryProcess.freePort() }
        #expect(Set(ports).count == ports.count)
        #expect(ports.allSatisfy { $0 < 32_768 })
    }
}
