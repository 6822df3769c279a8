// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import Telemetry
import Testing

@Suite struct ProblemTallyTests {
    @Test func `the same words are one problem, counted, and the latest is first`() {
        var tally = ProblemTally()
        tally.add("store", "full", isError: true, at: 1)
        tally.add("sync", "slow", isError: false, at: 2)
        tally.add("store", "full", isError: true, at: 3)
        #expect(tally.list.map(\.words) == ["full", "slow"])
        #expect(tally.list.first?.count == 2 && tally.list.first?.last == 3)
    }

    @Test func `beyond the bound the one seen least lately is forgotten`() {
        var tally = ProblemTally()
        for index in 0..<ProblemTally.most {
            tally.add("a", "problem \(index)", isError: false, at: Int64(index))
        }
        tally.add("a", "problem 0", isError: false, at: 1_000)
        tally.add("a", "one more", isError: false, at: 1_001)
        #expect(tally.list.count == ProblemTally.most)
        #expect(!tally.list.contains { $0.words == "problem 1" })
        #expect(tally.list.prefix(2).map(\.words) == ["one more", "problem 0"])
    }

    @Test func `an output remembers warnings and errors by their words, without their facts`() {
        let output = LogOutput(level: .info, format: .text, clock: { 7 }, sink: { _ in })
        let logger = output.logger("sync")
        logger.info("all is well")
        logger.warning("a relay lies", metadata: ["relay": "wss://a.test"])
        logger.error("a relay lies")
        let problem = output.problems.first
        #expect(output.problems.count == 1 && problem?.count == 2 && problem?.isError == true)
        #expect(problem?.source == "sync" && problem?.words == "a relay lies" && problem?.last == 7)
    }
}
