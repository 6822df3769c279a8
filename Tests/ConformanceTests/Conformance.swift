// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

/// What a client may ask of a relay, check by check, over real sockets against the started program.
///
/// The checks of the public `relay-tester` carry its numbers, in files by its sections; `X1` and so on are ours.
/// Nothing here knows the program from inside. Absence is never waited for: a later message on the same connection
/// proves it, since answers come in order.
@Suite(.oneRelay, .timeLimit(.minutes(2))) enum Conformance {
    /// The relay of this run, open to everybody, with ``RehearsedEvents`` posted before anything else.
    static var relay: RookeryProcess {
        get throws { try #require(OneRelay.stage, "started by the suite's trait").relay }
    }

    static var rehearsed: RehearsedEvents {
        get throws { try #require(OneRelay.stage, "posted by the suite's trait").events }
    }

    /// A connection of its own to ``relay``.
    static func connect() async throws -> NostrClient { try await .connect(to: relay.port) }
}

/// Starts one relay on a fresh directory for all tests of a suite, and stops it after the last.
struct OneRelay: SuiteTrait, TestScoping {
    struct Stage: Sendable {
        let relay: RookeryProcess
        let events: RehearsedEvents
    }

    @TaskLocal static var stage: Stage?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory("conformance")
        let relay = try await RookeryProcess.serve(dataDirectory: directory.file("data"))
        let events = RehearsedEvents(by: Author())
        let client = try await NostrClient.connect(to: relay.port)
        try await events.post(to: client)
        await client.socket.close()
        try await Self.$stage.withValue(Stage(relay: relay, events: events)) { try await function() }
        try await relay.stop()
    }
}

extension Trait where Self == OneRelay {
    static var oneRelay: OneRelay { OneRelay() }
}
