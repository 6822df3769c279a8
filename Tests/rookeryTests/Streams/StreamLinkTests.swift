// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncEngine
import SyncPlanner
import TestSupport
import Testing

@testable import rookery

/// Streams over real sockets, to scripted relays that know no negentropy.
@Suite(.timeLimit(.minutes(2))) struct StreamLinkTests {
    private let directory: TemporaryDirectory
    private static let events = (0..<12).map {
        Event.fixture(at: 1_700_000_000 + Int64($0), content: "\($0)")
    }

    init() throws { directory = try TemporaryDirectory() }

    private func stream(
        _ relay: ScriptedRelay, _ direction: SyncDirection = .both, _ filter: Filter = Filter()
    ) throws -> StreamSettings {
        StreamSettings(name: "s", urls: [try relay.relayURL], direction: direction, filter: filter)
    }

    @Test func `what a relay held, and what is new there, is stored, and nothing of it is sent back`()
        async throws
    {
        let relay = try await ScriptedRelay(holding: Array(Self.events[..<4]))
        try await StreamHouse.open(in: directory, [try stream(relay)]) { house in
            try await house.holds(Array(Self.events[..<4]))
            try await house.reaches(.live)
            relay.publish([Self.events[4]])
            try await house.holds(Array(Self.events[..<5]))
            // What is sent proves that what came before was looked at.
            await house.take([Self.events[5]])
            try await eventually("the one that is ours") { !relay.record.published.isEmpty }
            #expect(relay.record.published == [Self.events[5].id])
            let status = try #require(house.metering.statuses.first)
            try await eventually("its answer") { house.metering.statuses.first?.sent["accepted"] == 1 }
            #expect(status.received["stored"] == 5 && status.direction == "both")
            #expect(status.line.contains("s \(relay.url): live for "), "\(status.line)")
        }
    }

    @Test func `what came of a relay by gathering is not sent to it either`() async throws {
        let relay = try await ScriptedRelay(holding: [Self.events[0]])
        try await StreamHouse.open(in: directory, [try stream(relay, .up)]) { house in
            try await house.reaches(.liveWithGaps)
            let gathering = SightingConnector(inner: house.connector, sightings: house.sightings)
            let (reports, news) = AsyncStream.makeStream(of: UpstreamReport.self)
            let connection = gathering.connect(try relay.relayURL, namedBy: .operator) { news.yield($0) }
            connection.send([.request("x", [Filter()])])
            for await case .received(let messages, _, _) in reports {
                if messages.contains(where: { if case .event = $0 { true } else { false } }) { break }
            }
            await house.take([Self.events[0], Self.events[1]])
            try await eventually("what is ours") { relay.record.published == [Self.events[1].id] }
            connection.close()
        }
    }

    @Test func `what was stored while the relay was away is sent when it is back`() async throws {
        let relay = try await ScriptedRelay()
        try await StreamHouse.open(in: directory, [try stream(relay, .up)]) { house in
            try await house.reaches(.liveWithGaps)
            await house.take([Self.events[0]])
            try await eventually("the first") { relay.eventCount == 1 }
            try await eventually("its answer") { house.metering.statuses.first?.sent["accepted"] == 1 }
            try await relay.close()
            await house.take(Array(Self.events[1...]))
            try await relay.open()
            try await eventually("the others") { relay.eventCount == 12 }
            #expect(relay.record.published.count == 12, "each once")
        }
    }

    @Test func `a relay that wants a key is shown ours, for the URL that was dialled`() async throws {
        let relay = try await ScriptedRelay(holding: Self.events) {
            $0.authentication = .required(challenge: "who")
        }
        try await StreamHouse.open(in: directory, [try stream(relay, .down)]) { house in
            try await house.holds(Self.events)
            let (proofs, url) = (relay.record.authentications, try relay.relayURL.text)
            #expect(proofs.count == 1 && proofs[0].pubkey == StreamHouse.key.publicKey)
            #expect(proofs[0].firstValue(of: "relay") == TagValue(url))
        }
    }

    @Test func `only what the filter matches is asked for, taken and sent`() async throws {
        let relay = try await ScriptedRelay(holding: Self.events + [.fixture(kind: 7)])
        let filter = Filter(kinds: [1], until: Timestamp(1_700_000_005))
        try await StreamHouse.open(in: directory, [try stream(relay, .both, filter)]) { house in
            try await house.holds(Array(Self.events[..<6]))
            await house.take([
                .fixture(kind: 7, content: "ours"), .fixture(at: 1_700_000_003, content: "ours"),
            ])
            try await eventually("the one that matches") { relay.record.published.count == 1 }
            for filter in relay.record.requests.flatMap(\.filters) {
                #expect(filter.kinds == [1] && filter.until != nil)
            }
        }
    }

    @Test func `streams that change are ended and begun, the others go on`() async throws {
        let (kept, left, new) = (
            try await ScriptedRelay(), try await ScriptedRelay(), try await ScriptedRelay()
        )
        let streams = [
            StreamSettings(name: "a", urls: [try kept.relayURL, try left.relayURL]),
            StreamSettings(name: "b", urls: [try kept.relayURL]),
        ]
        try await StreamHouse.open(in: directory, streams) { house in
            try await house.reaches(.live, .live, .live)
            var changed = streams
            changed[0].urls = [try kept.relayURL, try new.relayURL]
            house.service.adopt(changed)
            try await eventually("the end of one") { left.record.openConversations == 0 }
            try await eventually("the other") { new.record.openConversations == 1 }
            #expect(kept.record.conversations == 2)
            house.service.adopt([])
            try await eventually("the end of all") { kept.record.openConversations == 0 }
            try await eventually("silence about them") { house.metering.statuses.isEmpty }
        }
    }

    @Test func `sightings are kept for those who send, up to a bound, and only for others`() throws {
        let (sightings, relay) = (Sightings(), try RelayURL("wss://a.test"))
        let (one, other) = (sightings.enter(relay), sightings.enter(relay))
        let message = RelayMessage.event("x", Self.events[0])
        sightings.note([message, .notice("x")], of: relay, except: one)
        #expect(sightings.take(one).isEmpty)
        #expect(sightings.take(other) == [Self.events[0].id])
        #expect(sightings.take(other).isEmpty)
        sightings.note([message], of: try RelayURL("wss://b.test"))
        for _ in 0..<3 { sightings.note(Array(repeating: message, count: Sightings.most), of: relay) }
        #expect(sightings.take(one).count <= Sightings.most)
        sightings.leave(one)
        sightings.leave(other)
    }
}
