// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession
import TestSupport

/// One session in a small world of its own: a store that grows, a feed that is late, a client that is slow by turns.
///
/// Everything happens in steps drawn from a seed; readings are answered later, and out of step with the feed.
struct SessionWorld {
    typealias Slot = SubscriptionSlot

    /// What one opening of a subscription was sent.
    struct Served {
        let filters: [Filter]
        var stored: [EventID] = []
        var live: [EventID] = []
        var hasEnded = false
        var isOpen = true
        var closedBecause: String?
    }

    private enum Reading {
        case page(ScanNumber)
        case catchUp(ScanNumber, [Filter], FeedPosition)
    }

    var random: SplitMix64
    var session: RelaySession
    private(set) var served: [Served] = []
    private(set) var faults: [String] = []
    private(set) var commits: [[Event]] = []
    /// How many commits the session's loop was told of, and how many events of the next.
    private var told = 0
    private var toldOfNext = 0
    private var index = SubscriptionIndex()
    private var openings: [Slot: Int] = [:]
    private var openingOfID: [SubscriptionID: Int] = [:]
    private var scans: [ScanNumber: (opening: Int, snapshot: Int?, sent: Int)] = [:]
    private var page: (ScanNumber, [Event])?
    private var reading: Reading?
    /// What somebody is asked about.
    private var question: (ScanNumber, [Filter])?
    private var pool: ArraySlice<Event>
    private var isWritable = true

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        var bounds = SessionLimits()
        bounds.heldEvents = Int.random(in: 1...6, using: &random)
        bounds.runningScans = Int.random(in: 1...3, using: &random)
        session = RelaySession(
            SessionTerms(limits: RelayLimits(), bounds: bounds), challenge: Challenge(using: &random))
        pool = Self.events[...]
        session.asksAboutReading = Bool.random(using: &random)
    }

    /// Events of three kinds, enough for one world.
    static let events: [Event] = (0..<160).map { number in
        Event.fixture(kind: Kind(UInt16(number % 3)), at: Int64(number), content: String(number))
    }

    mutating func step() {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: request()
        case 1: perform(session.reduce(.message(.close(name()), size: 10, at: .zero)), closing: true)
        case 2, 3, 4: commit()
        case 5, 6, 7: tellNext()
        case 8: answerReading()
        case 9:
            answerReading()
            answerQuestion()
        case 10: setWritable(Bool.random(using: &random))
        default: if Int.random(in: 0..<8, using: &random) == 0 { overflow() }
        }
    }

    /// No more events; everything that is under way comes to its end.
    mutating func settle() {
        for _ in 0..<5_000 {
            if !isWritable || reading == nil { setWritable(true) }
            if told < commits.count { tellNext() }
            if isWritable, reading == nil, question == nil, told == commits.count { return }
            answerReading()
            answerQuestion()
        }
        faults.append("does not come to rest")
    }

    /// What every matching event so far is, oldest first.
    func expected(_ filters: [Filter]) -> [EventID] {
        commits.joined().filter { event in filters.contains { $0.matches(event) } }.map(\.id)
    }

    // MARK: What happens

    private mutating func name() -> SubscriptionID {
        ["a", "b", "c", "d"].randomElement(using: &random) ?? "a"
    }

    private mutating func request() {
        let kinds = (0..<3).filter { _ in Bool.random(using: &random) }.map { Kind(UInt16($0)) }
        let filters = [Filter(kinds: kinds.isEmpty ? nil : kinds)]
        perform(session.reduce(.message(.request(name(), filters), size: 10, at: .zero)))
    }

    private mutating func commit() {
        let events = pool.prefix(Int.random(in: 1...3, using: &random))
        pool = pool.dropFirst(events.count)
        if !events.isEmpty { commits.append(Array(events)) }
    }

    /// The number of an event in the store.
    private func number(_ event: Event) -> UInt64 { UInt64(event.createdAt.seconds) + 1 }

    /// The loop hears of some events of the next commit; the socket may be full after any of them.
    private mutating func tellNext() {
        guard told < commits.count else { return }
        let rest = commits[told].dropFirst(toldOfNext)
        for event in rest.prefix(Int.random(in: 1...3, using: &random)) {
            toldOfNext += 1
            let live = LiveEvent(event, at: .after(event: number(event), of: UInt64(told + 1)))
            for slot in index.matches(event).map(\.slot) {
                if Int.random(in: 0..<4, using: &random) == 0 { isWritable.toggle() }
                session.isWritable = isWritable
                if session.receive(live, for: slot) == .send { send(event, to: slot) }
            }
        }
        if toldOfNext == commits[told].count { (told, toldOfNext) = (told + 1, 0) }
        perform(session.reduce(.writability(isWritable)))
    }

    /// The loop's own queue overflowed: it was not told of some commits.
    private mutating func overflow() {
        while toldOfNext > 0 { tellNext() }
        let position = FeedPosition(commit: UInt64(told))
        told = commits.count
        _ = session.missedEvents(after: position)
        perform(session.reduce(.writability(isWritable)))
    }

    private mutating func setWritable(_ isWritable: Bool) {
        self.isWritable = isWritable
        perform(session.reduce(.writability(isWritable)))
    }

    /// Somebody lets a request through, or some of it: never less than one kind.
    private mutating func answerQuestion() {
        guard let (number, asked) = question else { return }
        question = nil
        var narrowed: [Filter]?
        if Bool.random(using: &random) {
            narrowed = asked.map { filter in
                var filter = filter
                filter.kinds = Array((filter.kinds ?? [0, 1, 2]).dropFirst(filter.kinds?.count == 1 ? 0 : 1))
                return filter
            }
        }
        perform(session.reduce(.permitted(number, instead: narrowed)))
    }

    private mutating func answerReading() {
        guard let reading else { return }
        self.reading = nil
        switch reading {
        case .page(let number): answerPage(number)
        case .catchUp(let number, let filters, let after):
            perform(session.reduce(.caughtUp(number, piece(filters, after))))
        }
    }

    /// What the feed has after a position, cut anywhere.
    private mutating func piece(_ filters: [Filter], _ after: FeedPosition) -> CatchUpReport {
        var rest = Int.random(in: 1...6, using: &random)
        var (events, end): ([LiveEvent], FeedPosition) = ([], after)
        reading: for commit in commits.indices.dropFirst(Int(after.commit)) {
            for event in commits[commit] {
                let position = FeedPosition.after(event: number(event), of: UInt64(commit + 1))
                if position <= after { continue }
                if rest == 0 { break reading }
                rest -= 1
                end = position
                if filters.contains(where: { $0.matches(event) }) {
                    events.append(LiveEvent(event, at: position))
                }
            }
            end = FeedPosition(commit: UInt64(commit + 1))
        }
        return .read(events, upTo: end, isComplete: end >= FeedPosition(commit: UInt64(commits.count)))
    }

    private mutating func answerPage(_ number: ScanNumber) {
        guard let scan = scans[number] else {
            return perform(session.reduce(.pageRead(number, .more(snapshot: FeedPosition(commit: 0)))))
        }
        let snapshot = scan.snapshot ?? commits.count
        let all = commits.prefix(snapshot).joined().filter { event in
            served[scan.opening].filters.contains { $0.matches(event) }
        }
        let rest = all.dropFirst(scan.sent)
        let part = Array(rest.prefix(Int.random(in: 1...10, using: &random)))
        scans[number] = (scan.opening, snapshot, scan.sent + part.count)
        page = (number, part)
        let position = FeedPosition(commit: UInt64(snapshot))
        perform(
            session.reduce(
                .pageRead(
                    number,
                    part.count == rest.count ? .finished(snapshot: position) : .more(snapshot: position))))
        page = nil
    }

    // MARK: What the session wants

    private mutating func perform(_ actions: [SessionAction], closing: Bool = false) {
        for action in actions {
            switch action {
            case .watch(let slot, let id, let filters):
                index.insert(LiveSubscriber(place: 0, slot: slot), filters)
                served.append(Served(filters: filters))
                openings[slot] = served.count - 1
                openingOfID[id] = served.count - 1
            case .unwatch(let slot):
                index.remove(LiveSubscriber(place: 0, slot: slot))
                if let opening = openings.removeValue(forKey: slot) { served[opening].isOpen = false }
            case .openScan(let number, let id, _, _): scans[number] = (openingOfID[id] ?? 0, nil, 0)
            case .dropScan(let number): scans[number] = nil
            case .readPage(let number): begin(.page(number))
            case .catchUp(let number, let filters, let after): begin(.catchUp(number, filters, after))
            case .sendPage(let number): sendPage(number)
            case .deliver(let slot, let events): for event in events { send(event, to: slot) }
            case .send(let message): hear(message)
            case .ask(let number, .request(_, let filters)):
                if question != nil { faults.append("two questions at once") }
                question = (number, filters)
            case .submit, .authenticate, .ask, .count, .pauseReading, .resumeReading, .expel, .gather,
                .reconcile, .sendAnswer, .dropSet:
                break
            }
        }
    }

    private mutating func begin(_ next: Reading) {
        if reading != nil { faults.append("two readings at once") }
        reading = next
    }

    private mutating func sendPage(_ number: ScanNumber) {
        guard let scan = scans[number], let page, page.0 == number else {
            return faults.append("a page of nobody")
        }
        if served[scan.opening].hasEnded { faults.append("a stored event after EOSE") }
        served[scan.opening].stored += page.1.map(\.id)
    }

    private mutating func send(_ event: Event, to slot: Slot) {
        guard let opening = openings[slot] else { return faults.append("a live event for nobody") }
        if !served[opening].hasEnded { faults.append("a live event before EOSE") }
        served[opening].live.append(event.id)
    }

    private mutating func hear(_ message: RelayMessage) {
        switch message {
        case .endOfStoredEvents(let id, _):
            guard let opening = openingOfID[id], served[opening].isOpen else {
                return faults.append("EOSE for nobody")
            }
            if served[opening].hasEnded { faults.append("EOSE twice") }
            served[opening].hasEnded = true
        case .closed(_, let reason): faults.append("CLOSED: \(reason)")
        default: faults.append("unexpected \(message)")
        }
    }
}
