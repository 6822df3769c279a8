// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Ingest
import NostrCore
import TestSupport
import Testing

@testable import RelayServer

/// Requests that somebody is asked about, over a socket.
@Suite struct ReadPolicyTests {
    private let notes = (0..<3).map { Event.fixture(at: 1_700_000_000 + Int64($0), content: "\($0)") }
    private let reaction = Event.fixture(kind: 7, at: 1_700_000_009, content: "+")

    private func run(
        _ policy: any ReadPolicy, configure: (inout RelayServerConfiguration) -> Void = { _ in },
        _ body: (TestRelay) async throws -> Void
    ) async throws {
        try await TestRelay.run(configure: configure) { relay in
            await relay.store(notes + [reaction])
            relay.server.adopt(readPolicy: policy)
            try await body(relay)
        }
    }

    private func answered(_ relay: TestRelay, _ answer: ReadAnswer) -> Int {
        relay.meter.counts.judged[answer] ?? 0
    }

    @Test func `who waits for an answer keeps nobody waiting, and hears in the order it spoke`() async throws
    {
        let policy = PatientPolicy()
        try await run(policy) { relay in
            let slow = try await NostrClient.connect(to: relay)
            let event = Event.fixture(content: "meanwhile")
            try await slow.sayTogether([
                #"["REQ","a",{"kinds":[1]}]"#, event.publication, #"["COUNT","c",{"kinds":[1]}]"#,
            ])
            let asked = try await policy.hear(1)[0]
            #expect(asked.filters == [Filter(kinds: [1])] && asked.purpose == .subscription)
            #expect(asked.keys.isEmpty && asked.address == NetworkAddress("127.0.0.1"))
            let other = try await NostrClient.connect(to: relay)
            #expect(try await other.publish(.fixture(content: "other", by: 2)).isAccepted)
            policy.answer(.allow)
            #expect(try await slow.stored("a").count == 4)
            // Its own event is live by now, and acknowledged.
            let next = try await slow.hear(2)
            #expect(next.contains(.event("a", event)) && next.contains { $0.isAccepted })
            #expect(try await policy.hear(1)[0].purpose == .count)
            policy.answer(.allow)
            #expect(try await slow.hear() == .count("c", 5))
            #expect(answered(relay, .allowed) == 2)
        }
    }

    @Test func `what is narrowed is narrowed stored, counted and live`() async throws {
        let onlyNotes = ImmediateReadPolicy { request in
            .narrow(
                request.filters.map { filter in
                    var filter = filter
                    filter.kinds = (filter.kinds ?? [1]).filter { $0 == 1 }
                    return filter
                })
        }
        try await run(onlyNotes) { relay in
            let client = try await NostrClient.connect(to: relay)
            #expect(Set(try await client.request("all", "{}").map(\.id)) == Set(notes.map(\.id)))
            try await client.say(#"["COUNT","c",{}]"#)
            #expect(try await client.hear() == .count("c", 3))
            let writer = try await NostrClient.connect(to: relay)
            let (note, hidden) = (Event.fixture(content: "live"), Event.fixture(kind: 7, content: "-"))
            for event in [hidden, note] { _ = try await writer.publish(event) }
            #expect(try await client.hear() == .event("all", note))
            #expect(answered(relay, .narrowed) == 2)
        }
    }

    @Test func `narrowed to nothing is the end at once, and nothing live`() async throws {
        try await run(ImmediateReadPolicy { _ in .narrow([]) }) { relay in
            let client = try await NostrClient.connect(to: relay)
            #expect(try await client.request("a", "{}").isEmpty)
            try await client.say(#"["COUNT","c",{}]"#)
            #expect(try await client.hear() == .count("c", 0))
            let writer = try await NostrClient.connect(to: relay)
            _ = try await writer.publish(.fixture(content: "live"))
            #expect(relay.server.statistics.subscriptions == 0)
            relay.server.adopt(readPolicy: nil)
            try await client.expectSilence()
        }
    }

    @Test(arguments: [
        ("restricted: not you", "restricted: not you"), ("no", "blocked: no"),
        ("", "blocked: not accepted here"),
        ("unsupported: x", "unsupported: x"),
    ])
    func `a refusal is told with a word of NIP-01`(text: String, told: String) async throws {
        try await run(ImmediateReadPolicy { _ in .refuse(text) }) { relay in
            let client = try await NostrClient.connect(to: relay)
            for verb in ["REQ", "COUNT"] {
                try await client.say("[\"\(verb)\",\"a\",{}]")
                #expect(try await client.hearClosed("a") == told)
            }
            #expect(answered(relay, .refused) == 2)
        }
    }

    @Test func `who leaves while asked about leaves nothing behind, and is not missed`() async throws {
        let policy = PatientPolicy()
        try await run(policy) { relay in
            let client = try await NostrClient.connect(to: relay)
            try await client.say(#"["REQ","a",{}]"#)
            _ = try await policy.hear(1)
            await client.close()
            try await eventually("it is gone") { relay.meter.counts.closed.count == 1 }
            policy.answer(.allow)
            let other = try await NostrClient.connect(to: relay)
            relay.server.adopt(readPolicy: nil)
            #expect(try await other.request("b", "{}").count == 4)
            #expect(relay.server.statistics.subscriptions == 1)
        }
    }

    @Test func `several are asked in order, each about what is left, and nobody gives more back`()
        async throws
    {
        let patient = PatientPolicy()
        let onlyNotes = ImmediateReadPolicy { _ in .narrow([Filter(kinds: [1])]) }
        try await run(ReadPolicyChain([onlyNotes, patient])) { relay in
            let client = try await NostrClient.connect(to: relay)
            let answers: [(ReadOpinion, String?)] = [
                (.allow, nil), (.narrow([Filter(kinds: [1], limit: 1)]), nil),
                (.narrow([Filter(kinds: [1, 7])]), "error"), (.refuse("pow: x"), "pow"),
            ]
            for (index, (opinion, word)) in answers.enumerated() {
                try await client.say("[\"REQ\",\"r\(index)\",{}]")
                #expect(try await patient.hear(1)[0].filters == [Filter(kinds: [1])])
                patient.answer(opinion)
                guard let word else {
                    #expect(try await client.stored("r\(index)").count == (index == 0 ? 3 : 1))
                    continue
                }
                let id = SubscriptionID(TagValue("r\(index)"))
                #expect(try await client.hearClosed(id).hasPrefix("\(word): "))
            }
        }
    }

    @Test func `readers show a key, and the right one where that is asked`() async throws {
        let policies = [
            ImmediateReadPolicy.authenticatedReaders, .readers([TestKey.publicKey(1)]),
        ]
        for (index, policy) in policies.enumerated() {
            try await run(policy) { relay in
                for key in 1...2 {
                    let client = try await NostrClient.connect(to: relay)
                    try await client.say(#"["REQ","a",{}]"#)
                    guard case .authChallenge(let challenge) = try await client.hear() else {
                        Issue.record("not asked who it is")
                        return
                    }
                    #expect(try await client.hearClosed("a").hasPrefix("auth-required: "))
                    let proof = Event.fixture(
                        kind: .clientAuthentication, at: TestRelay.wallClock().seconds,
                        tags: [
                            .of("relay", "ws://127.0.0.1:\(relay.port)"), .of("challenge", challenge),
                        ], by: key)
                    try await client.sayTogether(["[\"AUTH\",\(proof.text)]", #"["REQ","a",{}]"#])
                    #expect(try await client.hear().isAccepted)
                    if index == 1, key == 2 {
                        #expect(try await client.hearClosed("a").hasPrefix("restricted: "))
                    } else {
                        #expect(try await client.stored("a").count == 4)
                    }
                }
            }
        }
    }
}
