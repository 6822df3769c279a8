// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import TestSupport

/// One session whose client reconciles, asks and goes away again in steps drawn from a seed, while its shell answers late.
struct ReconcilingWorld {
    private enum Reading {
        case gather(ScanNumber)
        case answer(ScanNumber)
        case page(ScanNumber)
    }

    private var random: SplitMix64
    private var session: RelaySession
    private var time: Int64 = 0
    private var isWritable = true
    private var reading: Reading?
    private var question: ScanNumber?
    /// Sets that the shell holds, and whether each is whole.
    private var sets: [ScanNumber: Bool] = [:]
    private var seen: Set<ScanNumber> = []
    /// An answer that is made and not sent.
    private var made: ScanNumber?
    /// Messages said, and what was heard of them: answers, refusals, and those whose id was closed or used again.
    private(set) var said = 0
    private(set) var heard = 0
    private(set) var faults: [String] = []

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        var bounds = SessionLimits()
        bounds.runningScans = Int.random(in: 1...3, using: &random)
        bounds.reconciliations = Int.random(in: 1...4, using: &random)
        bounds.reconciliationBytes = Int.random(in: 20...400, using: &random)
        bounds.mistakes = 1_000_000
        var features = RelayFeatures()
        features.negentropy = true
        session = RelaySession(
            SessionTerms(limits: RelayLimits(), bounds: bounds, features: features),
            challenge: Challenge(using: &random))
        session.asksAboutReading = Bool.random(using: &random)
    }

    /// Sets held at this moment.
    var held: Int { sets.count }
    var open: Int { session.openReconciliations }

    mutating func step() {
        let id: SubscriptionID = ["a", "b", "c", "d", "e"].randomElement(using: &random) ?? "a"
        switch Int.random(in: 0..<12, using: &random) {
        case 0, 1: say(.negentropyOpen(id, Filter(), Bool.random(using: &random) ? "61" : "6"))
        case 2, 3: say(.negentropyMessage(id, "6100"))
        case 4: say(.negentropyClose(id))
        case 5: say(.request(id, [Filter()]))
        case 6: say(.close(id))
        case 7, 8, 9: answer()
        case 10:
            isWritable.toggle()
            perform(session.reduce(.writability(isWritable)))
        default:
            time += 60
            perform(session.reduce(.timePassed(at: Uptime(seconds: time))))
        }
    }

    /// The client says nothing more, reads all, and is silent until nothing is open.
    mutating func settle() {
        for _ in 0..<2_000 {
            isWritable = true
            perform(session.reduce(.writability(true)))
            if reading == nil, question == nil { break }
            answer()
        }
        time += 1_000
        perform(session.reduce(.timePassed(at: Uptime(seconds: time))))
        if open > 0 { faults.append("\(open) do not come to their end") }
        if !sets.isEmpty { faults.append("sets are left over") }
    }

    private mutating func say(_ message: ClientMessage) {
        if case .negentropyOpen = message { said += 1 }
        if case .negentropyMessage = message { said += 1 }
        perform(session.reduce(.message(message, size: 30, at: Uptime(seconds: time))))
    }

    private mutating func answer() {
        if let number = question {
            question = nil
            let isAllowed = Bool.random(using: &random)
            return perform(
                session.reduce(isAllowed ? .permitted(number) : .forbidden(number, reason: "blocked: no")))
        }
        guard let reading else { return }
        self.reading = nil
        let chance = Int.random(in: 0..<8, using: &random)
        switch reading {
        case .gather(let number):
            let report: GatherReport =
                switch chance {
                case 0: .tooMany(most: 7)
                case 1: .noRoom
                case 2: .failed(.busy)
                case 3, 4: .more
                default: .ready
                }
            if report == .ready, sets[number] != nil { sets[number] = true }
            perform(session.reduce(.gathered(number, report)))
        case .answer(let number):
            let report: ReconciliationReport =
                switch chance {
                case 0: .invalid("x")
                case 1: .failed(.fault)
                default: .ready
                }
            if report == .ready { made = number }
            perform(session.reduce(.reconciled(number, report, at: Uptime(seconds: time))))
            made = nil
        case .page(let number):
            perform(session.reduce(.pageRead(number, .finished(snapshot: FeedPosition(commit: 1)))))
        }
    }

    private mutating func perform(_ actions: [SessionAction]) {
        for action in actions {
            switch action {
            case .gather(let number, _, _):
                if sets[number] == nil {
                    if !seen.insert(number).inserted { faults.append("a set is read again after its end") }
                    sets[number] = false
                }
                begin(.gather(number))
            case .reconcile(let number, _, _):
                if sets[number] != true { faults.append("an answer from a set that is not whole") }
                begin(.answer(number))
            case .sendAnswer(let number):
                if made != number { faults.append("an answer that nobody made") }
                heard += 1
            case .dropSet(let number): sets[number] = nil
            case .readPage(let number): begin(.page(number))
            case .ask(let number, _):
                if question != nil { faults.append("two questions at once") }
                question = number
            case .send(.negentropyError): heard += 1
            default: break
            }
        }
    }

    private mutating func begin(_ next: Reading) {
        if reading != nil { faults.append("two readings at once") }
        if !isWritable { faults.append("a reading for a client that does not read") }
        reading = next
    }
}
