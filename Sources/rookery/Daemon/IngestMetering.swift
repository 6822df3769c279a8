// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Telemetry

/// Counts what the one door tells.
struct IngestMetering: IngestObserver {
    let meters: IngestMeters

    func answered(_ verdicts: [Verdict], from source: IngestSource, after latency: Duration) {
        meters.latency.observe(latency)
        var counts: [ImportReport.Outcome: Int] = [:]
        for verdict in verdicts { counts[ImportReport.Outcome(verdict), default: 0] += 1 }
        for (outcome, count) in counts {
            meters.events[source.name, outcome.rawValue].increment(by: count)
        }
    }

    func verified(signatures: Int) { meters.verified.increment(by: signatures) }

    func wrote(events: Int, bytes: Int, in time: Duration, failed: Bool) {
        meters.batchLatency.observe(time)
        if failed { meters.failedBatches.increment() } else { meters.batchSize.observe(Double(events)) }
    }
}
