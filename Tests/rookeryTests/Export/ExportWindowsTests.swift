// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import rookery

@Suite struct ExportWindowsTests {
    @Test(arguments: 0..<4)
    func `spans cover every event once, and none is large but for one second`(seed: Int) {
        var rng = SplitMix64(seed: UInt64(seed))
        let moments = (0..<35_000).map { _ in
            Int64.random(in: 0..<(seed.isMultiple(of: 2) ? 40_000 : 5), using: &rng)
        }
        .sorted(by: >)
        var windows = ExportWindows()
        for moment in moments { windows.note(Timestamp(moment)) }
        windows.close()
        for (newer, older) in zip(windows.spans, windows.spans.dropFirst()) {
            #expect(newer.lowerBound > older.upperBound)
        }
        #expect(moments.allSatisfy { moment in windows.spans.contains { $0.contains(moment) } })
        for span in windows.spans {
            let inside = moments.filter { span.contains($0) }
            let beforeLastSecond = inside.filter { $0 > span.lowerBound }
            #expect(beforeLastSecond.count < ExportWindows.events)
        }
    }

    @Test func `nothing makes no span`() {
        var windows = ExportWindows()
        windows.close()
        #expect(windows.spans.isEmpty)
    }

    @Test func `a filter's own bounds hold within a span`() {
        let filter = Filter(since: Timestamp(5), until: Timestamp(20))
        let cut = ExportWindows.filters([filter, Filter()], within: 10...30)
        #expect(cut.map(\.since) == [Timestamp(10), Timestamp(10)])
        #expect(cut.map(\.until) == [Timestamp(20), Timestamp(30)])
    }
}
