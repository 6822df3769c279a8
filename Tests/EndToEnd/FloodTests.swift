// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

/// What a stranger may announce has bounds that the operator sees, and costs nobody else.
@Suite(.serialized, .timeLimit(.minutes(5))) struct FloodTests {
    @Test func `thousands of repositories of one stranger show in the metrics, and others are followed`()
        async throws
    {
        let domain = RepositoryWorld.domain
        let theirs = (0..<1200).map {
            Event.announcement("flood-\($0)", by: 9, service: domain, at: 1_700_000_000 - Int64($0))
        }
        let ours = Event.announcement("ours", by: 1, service: domain, at: 1_700_000_100)
        func issue(_ text: String) -> Event {
            .fixture(kind: .issue, tags: [.of("a", ours.address?.text.string ?? "")], content: text, by: 3)
        }
        let relay = try await ScriptedRelay(holding: theirs + [ours, issue("stored")])
        let gathering = try await GatheringRookery.start(bootstrap: [relay.url])
        try await gathering.holds(theirs.count + 2)
        try await eventually("the bound", within: .seconds(60)) {
            let metrics = try await gathering.rookery.metrics()
            return metrics["rookery_sync_repositories_followed"] == 1001
                && metrics["rookery_sync_over_limit_total{what=\"repositories\"}"] ?? 0 >= 1
        }
        relay.publish([issue("live")])
        try await gathering.holds(theirs.count + 3)
        let log = gathering.rookery.process.lastWords
        #expect(log.contains("over a limit of sync"), "\(log)")
        try await gathering.rookery.stop()
    }
}
