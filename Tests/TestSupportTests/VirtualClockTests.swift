// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing

@Suite struct VirtualClockTests {
    @Test func `time moves only when it is moved`() {
        let clock = VirtualClock(startingAt: Timestamp(1000))
        #expect(clock.wallTime == Timestamp(1000))
        clock.advance(by: .milliseconds(2500))
        #expect(clock.uptime == Uptime(nanoseconds: 2_500_000_000))
        #expect(clock.wallTime == Timestamp(1002))
        #expect(VirtualClock.Instant(offset: .zero).duration(to: clock.now) == .milliseconds(2500))
    }

    @Test func `a sleeper wakes at its deadline and not before`() async throws {
        let clock = VirtualClock()
        let woke = NIOLockedValueBox(false)
        let sleeper = Task {
            try await clock.sleep(until: clock.now.advanced(by: .seconds(10)))
            woke.withLockedValue { $0 = true }
        }
        try await eventually("the sleeper") { clock.sleepers == 1 }
        clock.advance(by: .seconds(9))
        #expect(clock.sleepers == 1)
        #expect(!woke.withLockedValue { $0 })
        clock.advance(by: .seconds(1))
        try await sleeper.value
        #expect(woke.withLockedValue { $0 })
        #expect(clock.sleepers == 0)
    }

    @Test func `sleeping until the past returns at once`() async throws {
        let clock = VirtualClock()
        clock.advance(by: .seconds(5))
        try await clock.sleep(until: .init(offset: .seconds(5)))
    }

    @Test func `a cancelled sleeper is told so`() async throws {
        let clock = VirtualClock()
        let sleeper = Task { try await clock.sleep(until: .init(offset: .seconds(1))) }
        try await eventually("the sleeper") { clock.sleepers == 1 }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(clock.sleepers == 0)
    }
}
