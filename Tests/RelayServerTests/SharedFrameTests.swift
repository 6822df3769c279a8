// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

/// Subscriptions of one id share their frames, and nobody gets what another asked for.
@Suite struct SharedFrameTests {
    /// Of each of its divisors up to four it has a tag; some are long.
    private static func event(_ number: Int) -> Event {
        let divisors = (1...4).filter { number % $0 == 0 }
        let tags = divisors.map { Tag.of("n", String($0)) }
        let content = String(repeating: "\(number)", count: number % 7 == 0 ? 10_000 : 10)
        return Event.fixture(at: Int64(number), tags: tags, content: content)
    }

    private static func ids(of events: [Event], dividedBy divisor: Int) -> [EventID] {
        events.enumerated().filter { ($0.offset + 1) % divisor == 0 }.map(\.element.id)
    }

    @Test func `subscribers of one id get what each asked for, in order`() async throws {
        try await TestRelay.run { relay in
            var clients: [NostrClient] = []
            for number in 0..<12 {
                let client = try await NostrClient.connect(to: relay)
                try await client.request("same", ##"{"#n":["\##(number % 4 + 1)"]}"##)
                if number % 3 == 0 { try await client.request("own \(number)", ##"{"#n":["2"]}"##) }
                clients.append(client)
            }
            let publisher = try await NostrClient.connect(to: relay)
            let events = (1...60).map { Self.event($0) }
            try await publisher.sayTogether(events.map { "[\"EVENT\",\($0.text)]" })
            _ = try await publisher.hear(events.count)
            for (number, client) in clients.enumerated() {
                var heard: [String: [EventID]] = [:]
                let wanted = Self.ids(of: events, dividedBy: number % 4 + 1)
                let even = number % 3 == 0 ? Self.ids(of: events, dividedBy: 2) : []
                for message in try await client.hear(wanted.count + even.count) {
                    guard case .event(let id, let parsed) = message else {
                        Issue.record("\(message)")
                        continue
                    }
                    heard[id.text.string, default: []].append(parsed.event.id)
                }
                #expect(heard["same"] == wanted)
                #expect(heard["own \(number)"] ?? [] == even)
                try await client.expectSilence()
            }
        }
    }
}
