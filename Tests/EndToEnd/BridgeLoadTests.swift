// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import TestSupport
import Testing
import XStandIn

/// A thousand posts a minute: the bridge keeps up, and does not grow.
@Suite(.tags(.heavy), .timeLimit(.minutes(15))) struct BridgeLoadTests {
    /// `ROOKERY_LOAD_MINUTES` says for how long: see `scripts/nightly.sh`.
    private static let minutes =
        ProcessInfo.processInfo.environment["ROOKERY_LOAD_MINUTES"].flatMap { Int($0) } ?? 1
    private static let accounts = (0..<20).map { "user\($0)" }
    /// How much faster than real time posts come.
    private static let pace = 20

    @Test(arguments: minutes > 1 ? [true, false] : [true])
    func `a thousand posts a minute are mirrored in less time than they took, in 150 MB`(pushed: Bool)
        async throws
    {
        let directory = try TemporaryDirectory()
        let start = XInstant(
            milliseconds: Int64(Date().timeIntervalSince1970 * 1_000) - Int64(Self.minutes + 1) * 60_000)
        let x = try await XServer.start(options: XServerOptions(clock: .virtual(start: start)))
        let users = try x.withWorld { world in try Self.accounts.map { try world.addUser($0) } }
        let rookery = try await BridgedRookery.start(
            x, in: directory, accounts: Self.accounts,
            bridge: "poll_interval_s = 1\nbackfill_posts = 3200\nstream = \(pushed)")
        try await eventually("the accounts") {
            try await rookery.process.metrics()["rookery_bridge_stream_connected"] == (pushed ? 1 : 0)
                && x.withWorld { $0.requests.counts["GET /2/users/:id/tweets"] ?? 0 } >= Self.accounts.count
        }
        let clock = ContinuousClock()
        let began = clock.now
        var (expected, most) = ([String](), 0)
        for second in 0..<(60 * Self.minutes) {
            try x.withWorld { world in
                for _ in 0..<(second % 3 == 2 ? 16 : 17) {
                    let text = "post \(expected.count)"
                    _ = try world.post(text, by: users[expected.count % users.count])
                    expected.append(text)
                }
                world.advance(by: .seconds(1))
            }
            most = max(most, try rookery.process.anonymousMemory())
            try await clock.sleep(until: began + .milliseconds(second * 1_000 / Self.pace))
        }
        let virtual = Duration.seconds(60 * Self.minutes)
        try await eventually("an empty backlog", within: virtual) {
            most = max(most, try rookery.process.anonymousMemory())
            return try await rookery.made() >= expected.count
        }
        let wall = clock.now - began
        print(
            "bridge load: \(expected.count) posts of \(virtual) \(pushed ? "pushed" : "polled") in \(wall), RssAnon \(most >> 20) MiB"
        )
        #expect(wall < virtual)
        #expect(most < 150 << 20)
        #expect(try await rookery.notes() == expected.sorted())
        #expect(try await rookery.stop())
        try await x.stop()
    }
}
