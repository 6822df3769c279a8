// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What is told at the end of a one-shot sync.
struct SyncReport: Encodable {
    let tally: SyncTally
    let direction: SyncDirection
    let isDry: Bool
    let time: Duration

    private enum Key: CodingKey {
        case isInStep, direction, dryRun, seconds, result
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(tally.isInStep(direction, isDry: isDry), forKey: .isInStep)
        try container.encode(direction, forKey: .direction)
        try container.encode(isDry, forKey: .dryRun)
        try container.encode(time / .seconds(1), forKey: .seconds)
        try container.encode(tally, forKey: .result)
    }

    func tell(_ relay: RelayURL, asJSON: Bool) {
        if asJSON { return Console.say(String(decoding: ControlCoding.line(self).dropLast(), as: UTF8.self)) }
        for reason in tally.reasons { Console.complain(reason) }
        for problem in tally.judged.problems { Console.complain("not taken here: \(problem.reason)") }
        if let failure = tally.failure { Console.complain("\(relay): \(failure)") }
        Console.say(text)
    }

    /// One line for people.
    var text: String {
        var parts = ["\(Numbers.grouped(tally.local)) were here"]
        func add(_ count: Int, _ what: String) {
            if count > 0 { parts.append("\(Numbers.grouped(count)) \(what)") }
        }
        if tally.method == .negentropy {
            if isDry || direction == .up { add(tally.remoteOnly, "only there") }
            if isDry || direction == .down { add(tally.localOnly, "only here") }
        }
        add(tally.received, "received")
        for outcome in [ImportReport.Outcome.refused, .malformed, .failed, .held, .superseded] {
            add(tally.judged[outcome], "of them \(outcome.rawValue)")
        }
        add(tally.sent, "sent")
        add(tally.missing, "missing")
        add(tally.refused, "not taken there")
        let state = tally.isInStep(direction, isDry: isDry) ? "in step" : "not in step"
        return "\(state): \(parts.joined(separator: ", ")) (\(how), \(Numbers.seconds(time)))"
    }

    private var how: String {
        tally.method == .pages ? "page by page" : tally.rounds == 1 ? "1 round" : "\(tally.rounds) rounds"
    }
}

extension SyncCourse {
    /// Events that have come or gone.
    var moved: Int { tally.received + tally.sent }

    /// How much of the difference is moved, 0 … 1; `nil` while that is not known.
    var fraction: Double? {
        guard case .ready = stage, tally.method == .negentropy, !terms.isDry else { return nil }
        let whole =
            (terms.direction.takes ? tally.remoteOnly : 0) + (terms.direction.gives ? tally.localOnly : 0)
        let done = moved + tally.missing + tally.refused
        return whole == 0 ? 1 : Double(done) / Double(whole)
    }
}
