// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

/// The status page as an onlooker meets it: a daemon that gathers, and headless Chromium.
@Suite(.tags(.heavy), .timeLimit(.minutes(3))) struct StatusPageTests {
    /// Where pictures are kept: `TEST_PICTURES`, or nowhere for long.
    private func pictures(_ directory: TemporaryDirectory) throws -> String {
        let folder =
            ProcessInfo.processInfo.environment["TEST_PICTURES"] ?? directory.file("pictures")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test func `the page is whole without scripts, and with them it follows what happens`() async throws {
        let directory = try TemporaryDirectory()
        let hostile = Event.announcement(
            "kept", by: 1, service: RepositoryWorld.domain,
            tags: [.of("name", "<img src=x onerror=alert(1)>\u{202E}")])
        let issue = { (at: Int64) in
            Event.fixture(
                kind: .issue, at: at, tags: [.of("a", try #require(hostile.address).text.string)], by: 2)
        }
        let upstream = try await ScriptedRelay(holding: [hostile, try issue(1_700_000_000)])
        let gathering = try await GatheringRookery.start(bootstrap: [upstream.url])
        let rookery = gathering.rookery
        try await eventually("the repository is told of", within: .seconds(60)) {
            let text = try await rookery.get("/status.json").text
            return text.contains(#""repositories":{"total":1"#) && text.contains("history complete")
        }
        let url = "http://127.0.0.1:\(rookery.port)"
        let folder = try pictures(directory)
        let onlooker = try Peer.start("onlooker.py", [url, folder])
        _ = try await onlooker.output.line("it waits", within: .seconds(60)) { $0 == "ready" }
        #expect(try await Peer.publish([try issue(1_700_000_001)], to: rookery.url).isEmpty)
        #expect(try await onlooker.waitForExit(within: .seconds(60)) == .code(0), "\(onlooker.lastWords)")
        let lines = try await onlooker.output.all()
        let told = "2 events in health,figures,rates,queues,problems,upstreams,repositories"
        #expect(lines.contains("plain \(told)") && lines.contains("live \(told)"), "\(lines)")
        #expect(lines.contains("changed 2 to 3, without loading again"), "\(lines)")
        #expect(lines.contains("overflow 0") && lines.contains("complaints []"), "\(lines)")
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(kept.count { $0.hasPrefix("status") && $0.hasSuffix(".png") } >= 6, "\(kept)")
        #expect(try await rookery.stop() == .code(0))
    }
}
