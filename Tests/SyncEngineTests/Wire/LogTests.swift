// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import NIOConcurrencyHelpers
import NostrCore
import SyncPlanner
import Telemetry
import TestSupport
import Testing

/// What is wrong with an upstream can be read in the log, and it cannot fill the log.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LogTests {
    let directory: TemporaryDirectory
    private let lines = NIOLockedValueBox<[String]>([])

    init() throws { directory = try TemporaryDirectory() }

    /// Lives with one relay until it has failed so many batches.
    private func log(_ relay: ScriptedRelay, failures: Int) async throws -> [String] {
        let output = LogOutput(level: .info, format: .json, clock: { 0 }) { [lines] bytes in
            lines.withLockedValue { $0.append(String(decoding: bytes, as: UTF8.self)) }
        }
        try await WireHouse.open(in: directory, bootstrap: [relay]) { options in
            options.logger = output.logger("sync")
        } _: { house in
            try await eventually("\(failures) failures", within: .seconds(120)) {
                house.facts.facts.count { if case .batchFailed = $0 { true } else { false } } >= failures
            }
        }
        return lines.withLockedValue { $0 }
    }

    @Test func `who closes everything has one line that says so, whatever it is asked`() async throws {
        let relay = try await ScriptedRelay { $0.reaction = { _ in .closed("error: database is on fire") } }
        let lines = try await log(relay, failures: 10)
        let said = lines.filter { $0.contains("upstream says") }
        #expect(said.count == 1)
        #expect(said.first?.contains("closed: error: database is on fire") == true)
        #expect(lines.count { $0.contains("batch failed") } == 1)
        #expect(lines.contains { $0.contains("\"retry_in_seconds\":0") })
    }

    @Test func `an address that is never dialled is no fault of anybody's network`() async throws {
        let victim = try await ScriptedRelay()
        let ours = Event.ours(on: [victim])
        let good = try await ScriptedRelay(holding: [ours])
        let output = LogOutput(level: .info, format: .json, clock: { 0 }) { [lines] bytes in
            lines.withLockedValue { $0.append(String(decoding: bytes, as: UTF8.self)) }
        }
        try await WireHouse.open(in: directory, bootstrap: [good]) { options in
            options.logger = output.logger("sync")
            options.allowsPrivate = false
        } _: { house in
            try await eventually("the refusal", within: .seconds(60)) { !house.facts.refusals.isEmpty }
            try await eventually("its health", within: .seconds(60)) {
                try await house.stand(victim)?.health == .refused
            }
        }
        let lines = lines.withLockedValue { $0 }
        let refused = try #require(lines.first { $0.contains("upstream is not dialled") })
        #expect(refused.contains("loopback") && refused.contains("sync.allow_private_addresses"))
        #expect(!lines.contains { $0.contains("upstream cannot be reached") })
    }

    @Test func `who wants to know who we are and does not let us in has a line of its own`() async throws {
        let relay = try await ScriptedRelay {
            $0.authentication = .refused(challenge: "who?", "restricted: members only")
        }
        let lines = try await log(relay, failures: 3)
        let refused = lines.filter { $0.contains("upstream does not accept who we are") }
        #expect(refused.contains { $0.contains("members only") && $0.contains("\"level\":\"warning\"") })
        #expect(!lines.contains { $0.contains("postponed") })
    }
}
