// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import RelayServer
import Testing

@testable import rookery

@Suite struct ReadinessTests {
    @Test(arguments: [
        (Readiness.Stage.starting, IngestHealth.sound, "starting"), (.ready, .sound, "ok"),
        (.ready, .failing("disk full"), "failing"), (.ready, .closed, "stopping"),
        (.stopping, .sound, "stopping"), (.stopping, .closed, "stopping"),
    ])
    func `health has a word for every stage`(stage: Readiness.Stage, writer: IngestHealth, word: String) {
        let report = HealthReport(stage, writer: writer)
        #expect(report.status == word)
        #expect(report.isHealthy == (word == "ok"))
    }
}
