// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore
import TestSupport
import Testing

/// Sets are reconciled with negentropy (NIP-77) that was written by others, and under every limit of a message.
@Suite(.timeLimit(.minutes(10))) struct ReconciliationTests {
    /// So many events that both sides have, of one of a few seconds, and a few that one side alone has.
    private struct Case {
        let name: String
        let shared: [Event]
        let (theirs, ours): ([Event], [Event])

        init(_ count: Int, differing: Int, number: Int) {
            let name = "set\(number)"
            func events(_ owner: String, _ count: Int) -> [Event] {
                (0..<count).map { index in
                    .fixture(
                        at: 1_740_000_000 + Int64(index % 3), tags: [.of("t", name)],
                        content: "\(owner) \(index)", by: index % 2)
                }
            }
            self.name = name
            shared = events("shared", count)
            (theirs, ours) = (events("theirs", differing), events("ours", differing))
        }

        var filter: String { ##"{"#t":["\##(name)"]}"## }
    }

    private static func serve(_ events: [Event], in directory: TemporaryDirectory) async throws
        -> RookeryProcess
    {
        let file = try directory.write(jsonl: events, to: "stored.jsonl")
        let data = directory.file("data")
        let (exit, _, errors) = try await RookeryProcess.run(["import", file, "--data-dir", data])
        guard exit == .code(0) else { throw Peer.Failed(script: "import", log: errors) }
        return try await RookeryProcess.serve(dataDirectory: data)
    }

    @Test func `nostr-sdk reconciles sets of any size with ours, and takes and sends what differs`()
        async throws
    {
        let sizes = [(0, 0), (0, 1), (1, 0), (1, 1), (31, 0), (31, 1), (32, 5), (1_000, 40)]
        let cases = sizes.enumerated().map { Case($1.0, differing: $1.1, number: $0) }
        let directory = try TemporaryDirectory("reconciliation")
        let stored = cases.flatMap { $0.shared + $0.theirs }
        let rookery = try await Self.serve(stored, in: directory)
        let mine = cases.flatMap { $0.shared + $0.ours }
        let seen = try await Peer.reconcile(mine, with: rookery.url, cases.map(\.filter), isDry: true)
        let done = try await Peer.reconcile(mine, with: rookery.url, cases.map(\.filter))
        #expect(seen.count == cases.count && done.count == cases.count)
        for (index, item) in cases.enumerated() {
            for result in [seen[index], done[index]] {
                #expect(result.failure == nil, "\(item.name)")
                #expect(result["remote"] == Set(item.theirs.map(\.id)), "\(item.name)")
                #expect(result["local"] == Set(item.ours.map(\.id)), "\(item.name)")
            }
            #expect(seen[index]["sent"].isEmpty && seen[index]["received"].isEmpty)
            #expect(done[index]["sent"] == Set(item.ours.map(\.id)), "\(item.name)")
            #expect(done[index]["received"] == Set(item.theirs.map(\.id)), "\(item.name)")
        }
        let client = try await NostrClient.connect(to: rookery.port)
        #expect(try await client.count() == stored.count + cases.reduce(0) { $0 + $1.ours.count })
        let again = try await Peer.reconcile(mine + stored, with: rookery.url, ["{}"])
        #expect(again[0].ids.isEmpty && again[0].failure == nil, "both sides are the same now")
    }

    @Test(.tags(.heavy)) func `nostr-sdk finds fifty among very many`() async throws {
        let item = Case(TestScale.pick(quick: 2_000, full: 100_000), differing: 50, number: 0)
        let directory = try TemporaryDirectory("reconciliation")
        let rookery = try await Self.serve(item.shared + item.theirs, in: directory)
        let done = try await Peer.reconcile(
            item.shared + item.ours, with: rookery.url, [item.filter], within: .seconds(180))[0]
        #expect(done.failure == nil)
        #expect(done["received"] == Set(item.theirs.map(\.id)) && done["sent"] == Set(item.ours.map(\.id)))
    }

    @Test func `a refusal reaches nostr-sdk with its reason`() async throws {
        let directory = try TemporaryDirectory("reconciliation")
        let secret = Event.fixture(kind: 4, tags: [.of("p", TestKey.publicKey(1).hex)], by: 0)
        let rookery = try await Self.serve([secret], in: directory)
        let refused = try await Peer.reconcile([], with: rookery.url, [#"{"kinds":[4]}"#], isDry: true)
        #expect(refused[0].failure?.contains("auth-required") == true, "\(refused)")
        #expect(refused[0]["remote"].isEmpty)
    }

    @Test(.tags(.heavy)) func `however long a message may be, both sides find exactly what differs`()
        async throws
    {
        let count = TestScale.pick(quick: 500, full: 100_000)
        let item = Case(count, differing: 50, number: 0)
        let directory = try TemporaryDirectory("reconciliation")
        let rookery = try await Self.serve(item.shared + item.theirs, in: directory)
        let socket = try await NostrClient.connect(to: rookery.port)
        for frameBytes in [4_096, 60_000, nil] {
            let most = try await reconcile(item.shared + item.ours, with: item, socket, frameBytes)
            #expect(most.need == Set(item.theirs.map(\.id)))
            #expect(most.have == Set(item.ours.map(\.id)))
            let all = try await reconcile([], with: item, socket, frameBytes)
            #expect(all.need == Set((item.shared + item.theirs).map(\.id)) && all.have.isEmpty)
        }
        #expect(try await rookery.stop() == .code(0))
    }

    /// To the end, with messages of ours that are no longer than `frameBytes`.
    private func reconcile(
        _ events: [Event], with item: Case, _ socket: NostrClient, _ frameBytes: Int?
    ) async throws -> (have: Set<EventID>, need: Set<EventID>) {
        let items = NegentropyArray(events.map { NegentropyItem($0.createdAt, $0.id) })
        var client = NegentropyClient(limits: NegentropyLimits(frameBytes: frameBytes))
        var next: [UInt8]? = try client.begin(from: items)
        var found: (have: Set<EventID>, need: Set<EventID>) = ([], [])
        try await socket.send(#"["NEG-OPEN","n",\#(item.filter),"\#(Hex.string(next ?? []))"]"#)
        while next != nil {
            let answer = try await socket.next()
            let text = Array((answer.text(2) ?? "").utf8)
            let decoded = Hex.decode(text.span, count: text.count / 2)
            let step = try client.take(try #require(decoded, "\(answer.parts)"), with: items)
            found.have.formUnion(step.have)
            found.need.formUnion(step.need)
            next = step.message
            guard let next else { break }
            #expect(next.count <= frameBytes ?? .max)
            try await socket.send(#"["NEG-MSG","n","\#(Hex.string(next))"]"#)
        }
        return found
    }
}
