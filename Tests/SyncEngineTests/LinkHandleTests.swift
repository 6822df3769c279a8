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

    private let mailbox = SyncMailbox()
    private let connector = ScriptedConnector()

    private func handle() throws -> LinkHandle {
        let relay = try RelayURL("wss://relay.test")
        let handle = LinkHandle(
            LinkID(relay: relay, number: 1), namedBy: .operator, mailbox: mailbox,
            observer: SilentSyncObserver(), bytesMax: 100)
        handle.dial(through: connector)
        return handle
    }

    @Test func `reading stops at the bound and goes on at half of it`() async throws {
        let handle = try handle()
        connector.report(.received([.notice("a")], unreadable: 0, byteCount: 60))
        #expect(!connector.isPaused)
        connector.report(.received([.notice("b")], unreadable: 0, byteCount: 60))
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
        connector.report(.received([.notice("a")], unreadable: 0, byteCount: 200))
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
                    connector.report(.received([.notice("x")], unreadable: 0, byteCount: 100))
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
