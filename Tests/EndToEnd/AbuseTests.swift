// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

/// Every sort of abuse at once, for a moment: `scripts/abuse.sh` does it for longer, and takes the time.
@Suite(.serialized, .timeLimit(.minutes(2))) struct AbuseTests {
    private static let behaved = 5
    private static let rounds = 10

    @Test func `abusers cost others nothing that they publish, and leave no memory behind`() async throws {
        let directory = try TemporaryDirectory()
        let rookery = try await RookeryProcess.serve(dataDirectory: directory.path + "/data")
        try await Self.fill(rookery)
        let calm = try rookery.anonymousMemory()
        let kept = try await withThrowingTaskGroup(of: [String].self) { group in
            for number in 0..<Self.behaved {
                group.addTask { try await Self.behave(number, rookery) }
            }
            let abuse = Task { await Self.abuse(rookery) }
            let published = try await group.reduce(into: []) { $0 += $1 }
            let abusers = await abuse.value
            for abuser in abusers { abuser.abandon() }
            return published
        }
        #expect(kept.count == Self.behaved * Self.rounds)
        let client = try await NostrClient.connect(to: rookery.port)
        let ids = kept.map { "\"\($0)\"" }.joined(separator: ",")
        #expect(try await client.count(["{\"ids\":[\(ids)]}"]) == kept.count)
        try await eventually("memory to be given back", within: .seconds(20)) {
            try rookery.anonymousMemory() <= calm + 16_000_000
        }
        try await rookery.stop()
    }

    /// Something to ask for: a megabyte and a half.
    private static func fill(_ rookery: RookeryProcess) async throws {
        let client = try await NostrClient.connect(to: rookery.port)
        let content = String(repeating: "x", count: 1_000)
        for _ in 0..<15 {
            let events = (0..<100).map { _ in Event.fixture(content: content, by: 9) }
            try await client.send(together: events.map { "[\"EVENT\",\($0.text)]" })
            for _ in events { _ = try await client.nextOK() }
        }
    }

    /// - Returns: the ids of what it published.
    private static func behave(_ number: Int, _ rookery: RookeryProcess) async throws -> [String] {
        let client = try await NostrClient.connect(to: rookery.port)
        var ids: [String] = []
        for round in 0..<rounds {
            let event = Event.fixture(kind: 7, content: "\(number) \(round)", by: number)
            let answer = try await client.publish(event.text)
            #expect(answer.accepted, "\(answer.message)")
            #expect(try await client.query([#"{"ids":["\#(answer.id)"]}"#]) == [answer.id])
            ids.append(answer.id)
        }
        return ids
    }

    /// What is thrown out or refused is what abusers are used to.
    ///
    /// - Returns: connections that are held on to.
    private static func abuse(_ rookery: RookeryProcess) async -> [RawWebSocket] {
        var held: [RawWebSocket] = []
        for number in 0..<60 {
            guard let socket = try? await rookery.connect(receiveBuffer: 4_096) else { continue }
            switch number % 5 {
            case 0...1:
                for id in 0..<20 { try? await socket.send("[\"REQ\",\"all\(id)\",{\"limit\":5000}]") }
            case 2: try? await socket.send(giant(number))
            case 3:
                let noise = (0..<200).flatMap { WebSocketFrame.text("nonsense \($0)").encoded }
                try? await socket.send(bytes: noise)
            default:
                try? await socket.send(#"["REQ","half",{"kinds":[1]}]"#)
                socket.abandon(halfOnly: true)
            }
            held.append(socket)
        }
        return held
    }

    /// Fifty filters of two hundred keys each.
    private static func giant(_ number: Int) -> String {
        let tail = String(repeating: "0", count: 48)
        let filters = (0..<50).map { filter in
            let keys = (0..<200).map { key in
                let digits = String(((number * 50 + filter) << 16) + key, radix: 16)
                return "\"" + String(repeating: "0", count: 16 - digits.count) + digits + tail + "\""
            }
            return #"{"ids":[\#(keys.joined(separator: ","))]}"#
        }
        return #"["REQ","giant",\#(filters.joined(separator: ","))]"#
    }
}
