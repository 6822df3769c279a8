// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import Testing

@testable import RelayTransport

@Suite struct BarredAddressesTests {
    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }

    @Test func `an address is barred until its end`() {
        var barred = BarredAddresses()
        barred.insert(.v4(1), until: at(10), at: at(0), limit: 4)
        #expect(barred.contains(.v4(1), at: at(9)))
        #expect(!barred.contains(.v4(1), at: at(10)))
        #expect(!barred.contains(.v6(1), at: at(1)))
    }

    @Test func `only so many are kept, and those that are over make room`() {
        var barred = BarredAddresses()
        for number in UInt32(0)..<4 {
            barred.insert(.v4(number), until: at(10 + Int64(number)), at: at(0), limit: 4)
        }
        barred.insert(.v4(9), until: at(20), at: at(1), limit: 4)
        #expect(!barred.contains(.v4(9), at: at(2)), "all others last")
        barred.insert(.v4(3), until: at(30), at: at(2), limit: 4)
        #expect(barred.contains(.v4(3), at: at(29)), "one that is kept is kept longer")
        barred.insert(.v4(9), until: at(20), at: at(10), limit: 4)
        #expect(barred.contains(.v4(9), at: at(19)), "the first was over")
    }
}
