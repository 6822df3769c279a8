// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import NostrCore

/// One publisher, many live subscribers; every delivery is counted. One thread is all of them.
struct FanOutBench {
    let subscribers: Int
    /// Events not yet delivered to everybody that the publisher may have outstanding.
    let window: Int
    /// Events offered in a **second**; `nil` for as many as ``window`` lets through.
    var pace: Double?
    /// **Seconds** in which the subscribers do something else before they read again, as a client does: what comes
    /// meanwhile is read at once.
    var pause = 0.0

    /// Deliveries, and how late each was.
    func measure(_ events: [Event], port: Int, relay: MeasuredProcess? = nil) throws -> Load {
        let group = try group(events, port)
        try subscribe(group)
        let expected = events.count * subscribers
        var starts = [Double](repeating: 0, count: events.count)
        // Deliveries to one subscriber come in the order of publishing.
        var numbers = [Int](repeating: 0, count: subscribers)
        var (load, spans) = (Load(), [Double]())
        spans.reserveCapacity(expected)
        load.effort = try Effort(of: relay) {
            var (published, patience) = (0, Clock.now + 60)
            let start = Clock.now
            while spans.count < expected {
                let before = spans.count
                var wait = 0.1
                while published < events.count, spans.count >= (published - window + 1) * subscribers {
                    let now = Clock.now
                    if let pace, case let due = start + Double(published) / pace, due > now {
                        wait = due - now
                        break
                    }
                    starts[published] = now
                    published += 1
                    try group.say(first: published, on: subscribers)
                }
                var (reader, now) = (-1, 0.0)
                try group.turn(seconds: wait) { number, answer in
                    guard number < subscribers, answer == .event else {
                        guard answer != .refused else {
                            throw LoadConnection.Failed(description: "an event was refused")
                        }
                        return
                    }
                    // One look at the clock for what one read brought.
                    if number != reader { (reader, now) = (number, Clock.now) }
                    spans.append(now - starts[numbers[number]])
                    numbers[number] += 1
                }
                if pause > 0 { Clock.sleep(until: Clock.now + pause) }
                if spans.count > before { patience = Clock.now + 60 }
                guard Clock.now < patience else {
                    throw LoadConnection.Failed(
                        description: "\(expected - spans.count) deliveries are missing")
                }
            }
        }
        load.operations = spans.count
        load.latencies = Latencies(spans)
        return load
    }

    /// The subscribers, and last the publisher.
    private func group(_ events: [Event], _ port: Int) throws -> LoadGroup {
        var (request, messages) = (FrameList(), FrameList())
        request.append(Array(##"["REQ","live",{"#t":["fanout"],"limit":0}]"##.utf8))
        for event in events { messages.append(PublishBench.message(event)) }
        return try LoadGroup(
            port: port, saying: [FrameList](repeating: request, count: subscribers) + [messages])
    }

    /// Waits until the relay has taken every subscription.
    private func subscribe(_ group: LoadGroup) throws {
        for number in 0..<subscribers { try group.say(0, on: number) }
        var (taken, patience) = (0, Clock.now + 60)
        while taken < subscribers {
            let before = taken
            try group.turn(seconds: 0.1) { _, answer in taken += answer == .endOfStored ? 1 : 0 }
            if taken > before { patience = Clock.now + 60 }
            guard Clock.now < patience else { throw LoadConnection.Failed(description: "an EOSE is missing") }
        }
    }
}
