// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import SyncPlanner
import Testing

@testable import SyncEngine

@Suite struct LinkHandleTests {
    /// Remembers what it was told last, and lets the test report.
    private final class ScriptedConnector: UpstreamConnector, UpstreamConnection {
        private struct State {
            var report: (@Sendable (UpstreamReport) -> Void)?
            var isPaused = false
            var pauses = 0
        }

        private let state = NIOLockedValueBox(State())

        var isPaused: Bool { state.withLockedValue { $0.isPaused } }
        var pauses: Int { state.withLockedValue { $0.pauses } }

        func connect(
            _ relay: RelayURL, namedBy namer: Namer, report: @escaping @Sendable (UpstreamReport) -> Void
        ) -> any UpstreamConnection {
            state.withLockedValue { $0.report = report }
            return self
        }

        func report(_ what: UpstreamReport) { state.withLockedValue { $0.report }?(what) }

        func pauseReading() {
            state.withLockedValue { state in
                state.isPaused = true
                state.pauses += 1
            }
        }

        func resumeReading() { state.withLockedValue { $0.isPaused = false } }
        func send(_ messages: [ClientMessage]) {}
        func close() {}
    }

    private let mailbox = SyncMailbox(bytesMax: 20_000)
    private let connector = ScriptedConnector()

    private func handle(
        _ number: UInt64 = 1, through connector: ScriptedConnector? = nil, bytesMax: Int = 2000
    ) throws -> LinkHandle {
        let relay = try RelayURL("wss://relay.test")
        let handle = LinkHandle(
            LinkID(relay: relay, number: number), namedBy: .operator, mailbox: mailbox,
            observer: SilentSyncObserver(), bytesMax: bytesMax)
        handle.dial(through: connector ?? self.connector)
        return handle
    }

    private func notices(_ count: Int) -> [RelayMessage] { Array(repeating: .notice(""), count: count) }

    @Test func `a message costs what its parsed form takes, however short it was`() async throws {
        #expect(MemoryLayout<RelayMessage>.stride * 2 <= SyncEngineLimits.messageOverhead)
        let handle = try handle(bytesMax: 10_000)
        connector.report(.received(notices(10), unreadable: 0, byteCount: 130))
        #expect(!connector.isPaused)
        connector.report(.received(notices(10), unreadable: 0, byteCount: 130))
        #expect(connector.isPaused)
        for letter in await mailbox.take() { letter.taken?() }
        #expect(!connector.isPaused)
        #expect(mailbox.waiting.total == 0)
        handle.hangUp()
    }

    @Test func `what nobody can read waits and counts, even when it is empty`() async throws {
        let handle = try handle()
        for _ in 0..<3 { connector.report(.received([], unreadable: 5, byteCount: 0)) }
        #expect(connector.isPaused)
        let letters = await mailbox.take()
        #expect(letters.count == 3)
        for letter in letters { letter.taken?() }
        #expect(!connector.isPaused)
        handle.hangUp()
    }

    @Test func `when all together have too much waiting, those with the most are paused`() async throws {
        let (greedy, modest) = (ScriptedConnector(), ScriptedConnector())
        let handles = [
            try handle(2, through: greedy, bytesMax: 1 << 20),
            try handle(3, through: modest, bytesMax: 1 << 20),
        ]
        modest.report(.received(notices(1), unreadable: 0, byteCount: 10))
        greedy.report(.received(notices(10), unreadable: 0, byteCount: 10))
        #expect(!greedy.isPaused)
        greedy.report(.received(notices(20), unreadable: 0, byteCount: 10))
        modest.report(.received(notices(1), unreadable: 0, byteCount: 10))
        #expect(greedy.isPaused)
        #expect(!modest.isPaused)
        for letter in await mailbox.take() { letter.taken?() }
        #expect(!greedy.isPaused)
        #expect(mailbox.waiting.total == 0)
        for handle in handles { handle.hangUp() }
    }

    @Test func `reading stops at the bound and goes on at half of it`() async throws {
        let handle = try handle()
        connector.report(.received([.notice("a")], unreadable: 0, byteCount: 400))
        #expect(!connector.isPaused)
        connector.report(.received([.notice("b")], unreadable: 0, byteCount: 400))
        #expect(connector.isPaused)
        let letters = await mailbox.take()
        letters[0].taken?()
        #expect(connector.isPaused)
        letters[1].taken?()
        #expect(!connector.isPaused)
        handle.hangUp()
    }

    @Test func `the planner's pause and the mailbox's add up`() async throws {
        let handle = try handle()
        handle.pause()
        connector.report(.received([.notice("a")], unreadable: 0, byteCount: 2000))
        for letter in await mailbox.take() { letter.taken?() }
        #expect(connector.isPaused)
        handle.resume()
        #expect(!connector.isPaused)
        #expect(connector.pauses == 1)
    }

    @Test func `however reader and planner overtake each other, reading goes on in the end`() async throws {
        let handle = try handle()
        let (connector, mailbox) = (connector, mailbox)
        let rounds = 20_000
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<rounds {
                    connector.report(.received([.notice("x")], unreadable: 0, byteCount: 2000))
                }
            }
            group.addTask {
                var taken = 0
                while taken < rounds {
                    for letter in await mailbox.take() {
                        letter.taken?()
                        taken += 1
                    }
                }
            }
        }
        #expect(!connector.isPaused)
        handle.hangUp()
    }
}
