// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import Testing

@testable import RelayTransport

@Suite struct ConversationClockTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private var clock: ConversationClock
    private let limits: TransportLimits

    init() {
        var limits = TransportLimits()
        limits.pingInterval = .seconds(30)
        limits.pongTimeout = .seconds(10)
        limits.messageTimeout = .seconds(100)
        limits.stallTimeout = .seconds(60)
        limits.closeTimeout = .seconds(3)
        self.limits = limits
        clock = ConversationClock(limits: limits, now: Self.start)
    }

    private func at(_ seconds: Int64) -> NIODeadline { Self.start + .seconds(seconds) }

    @Test mutating func `silence is asked about and then given up`() {
        #expect(clock.nextDeadline == at(30))
        #expect(clock.alarms(at: at(29)) == [])
        #expect(clock.alarms(at: at(30)) == [.ping])
        #expect(clock.nextDeadline == at(40))
        #expect(clock.alarms(at: at(39)) == [])
        #expect(clock.alarms(at: at(40)) == [.silent])
    }

    @Test mutating func `any byte is a sign of life`() {
        #expect(clock.alarms(at: at(30)) == [.ping])
        clock.heard(at: at(35), completedMessage: false, isMidMessage: true)
        #expect(clock.nextDeadline == at(65))
    }

    @Test mutating func `an unfinished message runs out even while bytes trickle in`() {
        for second in stride(from: Int64(0), to: 100, by: 5) {
            clock.heard(at: at(second), completedMessage: false, isMidMessage: true)
        }
        #expect(clock.nextDeadline == at(100))
        #expect(clock.alarms(at: at(100)) == [.unfinishedMessage])
    }

    @Test mutating func `a message that ends in time gives the next its own`() {
        clock.heard(at: at(0), completedMessage: false, isMidMessage: true)
        clock.heard(at: at(90), completedMessage: true, isMidMessage: true)
        #expect(clock.alarms(at: at(110)) == [])
        clock.heard(at: at(111), completedMessage: true, isMidMessage: false)
        #expect(clock.nextDeadline == at(141))
    }

    @Test mutating func `control frames inside a message do not give it more time`() {
        clock.heard(at: at(0), completedMessage: false, isMidMessage: true)
        clock.heard(at: at(60), completedMessage: false, isMidMessage: true)
        #expect(clock.alarms(at: at(100)) == [.unfinishedMessage, .ping])
    }

    @Test mutating func `while this side does not read, silence proves nothing`() {
        clock.heard(at: at(0), completedMessage: false, isMidMessage: true)
        clock.paused()
        #expect(clock.nextDeadline == .distantFuture)
        #expect(clock.alarms(at: at(1_000)) == [])
        clock.resumed(at: at(1_000))
        #expect(clock.nextDeadline == at(1_030))
    }

    @Test mutating func `a queue that moves is no stall`() {
        clock.paused()
        clock.queueSeen(at: at(0), queuedBytes: 100, drainedBytes: 0)
        clock.queueSeen(at: at(20), queuedBytes: 200, drainedBytes: 0)
        #expect(clock.nextDeadline == at(60))
        clock.queueSeen(at: at(50), queuedBytes: 199, drainedBytes: 1)
        #expect(clock.alarms(at: at(60)) == [])
        #expect(clock.alarms(at: at(110)) == [.stalled])
        clock.queueSeen(at: at(111), queuedBytes: 0, drainedBytes: 200)
        #expect(clock.nextDeadline == .distantFuture)
    }

    @Test mutating func `once closing only the closing counts`() {
        clock.queueSeen(at: at(0), queuedBytes: 100, drainedBytes: 0)
        clock.closing(at: at(10))
        clock.closing(at: at(12))
        #expect(clock.nextDeadline == at(13))
        #expect(clock.alarms(at: at(12)) == [])
        #expect(clock.alarms(at: at(200)) == [.cut])
    }
}
