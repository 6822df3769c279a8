// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore

/// Whose turn it is to be read: the readings of one connection take turns, a page each, one at a time.
///
/// At most `limit` stored scans, counts and readings of sets take part; the rest wait, unopened, in the order they came.
struct ScanRotation: Sendable {
    /// What a scan number stands for.
    enum Work: Sendable {
        case stored(SubscriptionSlot)
        case count(SubscriptionID, [Filter], arrived: Uptime)
        case catchUp(SubscriptionSlot)
        /// The reading of a set, or an answer from it.
        case reconciliation
    }

    private let limit: Int
    private var work: [ScanNumber: Work] = [:]
    /// Ready for their next page.
    private var turns: Deque<ScanNumber> = []
    private var waiting: Deque<ScanNumber> = []
    /// Of these those that take part.
    private var running: Set<ScanNumber> = []
    /// Being read now.
    private(set) var reading: ScanNumber?
    private var nextNumber: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    var hasRoom: Bool { running.count < limit && waiting.isEmpty }

    subscript(number: ScanNumber) -> Work? { work[number] }

    /// Whether it has not begun, for want of room.
    func isWaiting(_ number: ScanNumber) -> Bool { waiting.contains(number) }

    mutating func makeNumber() -> ScanNumber {
        defer { nextNumber += 1 }
        return ScanNumber(number: nextNumber)
    }

    /// Takes part from now on, before all others if it is next.
    mutating func begin(_ number: ScanNumber, _ work: Work, isNext: Bool = true) {
        self.work[number] = work
        running.insert(number)
        if isNext { turns.prepend(number) } else { turns.append(number) }
    }

    /// Takes part once there is room.
    mutating func wait(_ number: ScanNumber, _ work: Work) {
        self.work[number] = work
        waiting.append(number)
    }

    /// A reading that holds nothing between its turns.
    mutating func add(_ number: ScanNumber, _ work: Work) {
        self.work[number] = work
        turns.append(number)
    }

    /// The next to be read, unless one is being read.
    mutating func takeTurn() -> (ScanNumber, Work)? {
        guard reading == nil, let number = turns.popFirst(), let work = work[number] else { return nil }
        reading = number
        return (number, work)
    }

    /// A reading reported; it is no longer under way.
    mutating func reported(_ number: ScanNumber) {
        if reading == number { reading = nil }
    }

    /// Back to the end of the queue.
    mutating func again(_ number: ScanNumber) { turns.append(number) }

    /// - Returns: whether it had been opened.
    mutating func remove(_ number: ScanNumber) -> Bool {
        guard work.removeValue(forKey: number) != nil else { return false }
        turns.removeAll { $0 == number }
        waiting.removeAll { $0 == number }
        let wasRunning = running.remove(number) != nil
        if work.isEmpty { rest() }
        return wasRunning
    }

    /// Nothing is read, as nearly always: the tables give their room back.
    private mutating func rest() { (work, turns, waiting, running) = ([:], [], [], []) }

    /// The next waiting one that now takes part.
    mutating func promote() -> (ScanNumber, Work)? {
        guard running.count < limit, let number = waiting.popFirst(), let work = work[number] else {
            return nil
        }
        running.insert(number)
        turns.append(number)
        return (number, work)
    }
}
