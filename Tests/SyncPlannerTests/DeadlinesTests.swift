// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import SyncPlanner

@Suite struct DeadlinesTests {
    private let relays = (0..<50).map { try! RelayURL("wss://m\($0).test") }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `the first is the earliest, whatever is set, changed and taken away`(seed: UInt64) {
        var chance = SplitMix64(seed: seed)
        var deadlines = Deadlines()
        var model: [RelayURL: Uptime] = [:]
        for _ in 0..<3000 {
            let relay = relays[Int.random(in: 0..<50, using: &chance)]
            let moment = Uptime(nanoseconds: Int64.random(in: 0..<100, using: &chance))
            switch Int.random(in: 0..<10, using: &chance) {
            case 0:
                let due = deadlines.takeDue(by: moment)
                #expect(Set(due) == Set(model.filter { $0.value <= moment }.keys))
                model = model.filter { $0.value > moment }
            case 1, 2, 3: (deadlines[relay], model[relay]) = (nil, nil)
            default: (deadlines[relay], model[relay]) = (moment, moment)
            }
            #expect(deadlines.first == model.values.min() && deadlines.count == model.count)
            #expect(deadlines[relay] == model[relay])
        }
    }
}
