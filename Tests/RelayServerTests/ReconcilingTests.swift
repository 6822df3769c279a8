// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import RelaySession
import TestSupport
import Testing

@testable import RelayServer

/// Sets reconciled over a socket (NIP-77).
@Suite struct ReconcilingTests {
    private static let events = (0..<300).map {
        Event.fixture(kind: $0 % 3 == 0 ? 7 : 1, at: 1_700_000_000 + Int64($0 / 40), content: "\($0)")
    }

    @Test(arguments: [500_000, 4_096]) func `both sides learn exactly what they lack`(
        frameBytes: Int
    ) async throws {
        try await TestRelay.run(configure: { $0.serverLimits.negentropyFrameBytes = frameBytes }) { relay in
            let (theirs, ours) = (Array(Self.events[..<280]), Array(Self.events[40...]))
            await relay.store(theirs)
            let client = try await NostrClient.connect(to: relay)
            let found = try await client.reconcile("n", "{}", having: ours, frameBytes: frameBytes)
            #expect(found.need == Set(theirs[..<40].map(\.id)))
            #expect(found.have == Set(ours.suffix(20).map(\.id)))
            let empty = try await client.reconcile("n", #"{"limit":1}"#, having: [])
            #expect(empty.need == Set(theirs.map(\.id)), "a limit does not count")
            #expect((empty.rounds > 2) == (frameBytes == 4_096))
            let same = try await client.reconcile(
                "n", #"{"kinds":[1]}"#, having: theirs.filter { $0.kind == 1 })
            #expect(same == Differences(rounds: 1))
            let counts = relay.meter.counts
            #expect(counts.rounds == found.rounds + empty.rounds + 1)
            #expect(counts.reconciled.sent > 280 * 32 && counts.reconciled.received > 0)
            try await client.expectSilence()
            #expect(relay.server.statistics.reconciliations == 0)
            #expect(relay.server.statistics.setBytes == 0)
        }
    }

    @Test func `an event is in the set that is asked for right after it`() async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            let event = Self.events[1]
            try await client.sayTogether([
                event.publication, #"["NEG-OPEN","n",{"kinds":[1]},"6100000200"]"#,
                #"["NEG-MSG","n","61"]"#, #"["NEG-MSG","n","6100000200"]"#,
            ])
            let list = TagValue("6100000201" + event.id.hex)
            #expect(try await client.hear().isAccepted)
            #expect(try await client.hear() == .negentropyMessage("n", list))
            #expect(try await client.hear() == .negentropyMessage("n", "61"))
            #expect(try await client.hear() == .negentropyMessage("n", list))
        }
    }

    @Test func `what has expired or is gone is in no set`() async throws {
        let time = NIOLockedValueBox<Int64>(1_799_999_999)
        try await TestRelay.run(now: { Timestamp(time.withLockedValue { $0 }) }) { relay in
            let lasting = Event.fixture(at: 1_799_999_000, content: "stays")
            let expiring = Event.fixture(
                at: 1_799_999_001, tags: [.of("expiration", "1800000000")], content: "goes")
            await relay.store([lasting, expiring])
            let client = try await NostrClient.connect(to: relay)
            #expect(try await client.reconcile("n", "{}", having: []).need == [lasting.id, expiring.id])
            time.withLockedValue { $0 = 1_800_000_000 }
            #expect(try await client.reconcile("n", "{}", having: []).need == [lasting.id])
            let none = try await client.reconcile("n", #"{"until":1799998999}"#, having: [])
            #expect(none.need.isEmpty)
        }
    }

    @Test(arguments: [
        "", "6", "61000", "zz", "6A", "00", "6100", "610000", "6100000300", "61000001", "61000002ff",
        "610000028100", "6105000005000002", "61002100", "6181ffffffffffffffffff7f000200",
        "610000028fffffffffffffff7f",
    ])
    func `a message that makes no sense is refused under its id, and the session is gone`(
        message: String
    ) async throws {
        try await TestRelay.run { relay in
            await relay.store([Self.events[1]])
            let client = try await NostrClient.connect(to: relay)
            for isFirst in [true, false] {
                if !isFirst { _ = try await client.negOpen("n", "{}") }
                let answer =
                    try await isFirst
                    ? client.negOpen("n", "{}", message) : client.negMessage("n", message)
                guard case .negentropyError("n", let reason, nil) = answer else {
                    Issue.record("\(answer)")
                    return
                }
                #expect(reason.hasPrefix("invalid: "), "\(reason)")
                let next = try await client.negMessage("n")
                #expect(
                    next == .negentropyError("n", message: "closed: no reconciliation of this id is open"))
            }
            #expect(relay.meter.counts.reconciliationsRefused == [.invalid: 2, .closed: 2])
            #expect(relay.server.statistics.reconciliations == 0)
        }
    }

    @Test func `another version is told ours`() async throws {
        try await TestRelay.run { relay in
            let client = try await NostrClient.connect(to: relay)
            #expect(try await client.negOpen("n", "{}", "62aabbccddeeff") == .negentropyMessage("n", "61"))
            #expect(try await client.negMessage("n") == .negentropyMessage("n", "6100000200"))
        }
    }

    @Test func `a set that is too large is refused with how large it may be`() async throws {
        try await TestRelay.run(configure: { $0.serverLimits.reconciledEvents = 20 }) { relay in
            await relay.store(Array(Self.events[..<21]))
            let client = try await NostrClient.connect(to: relay)
            #expect(
                try await client.negOpen("n", "{}")
                    == .negentropyError("n", message: "blocked: more than 20 events match", most: 20))
            let some = try await client.reconcile("n", #"{"kinds":[1]}"#, having: [])
            #expect(some.need.count == 14)
        }
    }

    @Test func `all sets share a room, and who leaves gives its part back`() async throws {
        // One set of 300 events fits in, of one address or all.
        try await TestRelay.run(configure: {
            $0.serverLimits.setBytes = 20_000
            $0.serverLimits.setShares = 1
        }) { relay in
            await relay.store(Self.events)
            let (first, second) = (
                try await NostrClient.connect(to: relay), try await NostrClient.connect(to: relay)
            )
            _ = try await first.negOpen("n", "{}")
            #expect(relay.server.statistics.reconciliations == 1)
            #expect(relay.server.statistics.setBytes >= 300 * 40)
            for client in [first, second] {
                #expect(
                    try await client.negOpen("other", "{}")
                        == .negentropyError(
                            "other", message: "error: too much is being reconciled, try again later"))
            }
            // What fits in beside it is served.
            _ = try await second.negOpen("n", #"{"since":1700000006}"#)
            #expect(relay.server.statistics.reconciliations == 2)
            await first.close()
            try await eventually("its set is let go") {
                relay.server.statistics.reconciliations == 1 && relay.server.statistics.setBytes < 300 * 40
            }
            #expect(try await second.reconcile("n", "{}", having: []).need.count == 300)
            try await second.expectSilence()
            try await eventually("all sets are let go") { relay.server.statistics.setBytes == 0 }
        }
    }

    @Test func `a client that says nothing is told that it is closed, and holds nothing`() async throws {
        try await TestRelay.run(configure: {
            $0.sessionLimits.reconciliationPatience = .milliseconds(50)
        }) { relay in
            await relay.store(Self.events)
            let client = try await NostrClient.connect(to: relay)
            guard case .negentropyMessage = try await client.negOpen("n", "{}") else {
                Issue.record("no answer")
                return
            }
            #expect(
                try await client.hear() == .negentropyError("n", message: "closed: nothing was said for 0 s"))
            #expect(relay.server.statistics.setBytes == 0)
        }
    }

    @Test func `a set that is being read is let go with its NEG-CLOSE or its connection`() async throws {
        try await TestRelay.run(configure: { $0.serverLimits.pageMilliseconds = 0 }) { relay in
            await relay.store(Self.events)
            let client = try await NostrClient.connect(to: relay)
            try await client.sayTogether([
                #"["NEG-OPEN","a",{},"6100000200"]"#, #"["NEG-CLOSE","a"]"#,
                #"["NEG-OPEN","b",{},"6100000200"]"#, #"["NEG-CLOSE","b"]"#,
            ])
            try await client.expectSilence()
            #expect(relay.server.statistics.reconciliations == 0)
            let other = try await NostrClient.connect(to: relay)
            try await other.say(#"["NEG-OPEN","a",{},"6100000200"]"#)
            await other.close()
            try await eventually("it has left") { relay.meter.counts.closed.count == 1 }
            try await eventually("its set is let go") { relay.server.statistics.reconciliations == 0 }
            #expect(relay.server.statistics.setBytes == 0)
        }
    }
}
