// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import rookery

@Suite struct ProgressLineTests {
    @Test func `a bar fills with the work`() {
        let half = ProgressLine.text(0.5, 1500, "events", in: .seconds(3), hasBar: true)
        #expect(
            half == String(repeating: "█", count: 15) + String(repeating: "░", count: 15)
                + " 50 %  1,500 events, 500/s")
        let over = ProgressLine.text(1.7, 10, "events", in: .zero, hasBar: true)
        #expect(over == String(repeating: "█", count: 30) + " 100 %  10 events, 10,000/s")
    }

    @Test func `without a whole there is no percentage`() {
        #expect(
            ProgressLine.text(nil, 1_234_567, "events", in: .seconds(1), hasBar: true)
                == "1,234,567 events, 1,234,567/s")
    }

    @Test func `a terminal is drawn over, anything else gets a line now and then`() {
        let start = ContinuousClock.now
        for (isTerminal, expected) in [(true, 3), (false, 1)] {
            var written: [String] = []
            var progress = ProgressLine(isTerminal: isTerminal, at: start) { written.append($0) }
            for tenth in 0...12 { progress.show(0.1, tenth, "events", at: start + .milliseconds(tenth * 25)) }
            #expect(written.count == (isTerminal ? expected : 0))
            progress.show(0.1, 1, "events", at: start + .seconds(11))
            #expect(written.last?.hasPrefix(isTerminal ? "\r" : "10 %: ") == true)
            #expect(written.last?.hasSuffix("\n") == !isTerminal)
            let shown = written.count
            progress.clear()
            #expect(written.count == shown + (isTerminal ? 1 : 0))
        }
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (100_000, "100,000"),
    ])
    func `numbers are grouped`(number: Int, text: String) {
        #expect(Numbers.grouped(number) == text)
    }
}
