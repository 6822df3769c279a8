// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import TestSupport

@testable import rookery

/// Relays that mirror each other in a world of queues: what happens next is drawn, and time passes only when nothing else can happen.
struct StreamRing {
    /// One stream from a relay to another.
    struct Link {
        let from: Int
        let to: Int
        var course: StreamCourse
        var isConnected = false
        var isSubscribed = false
        /// On their way there, and back.
        var up: [ClientMessage] = []
        var down: [RelayMessage] = []
        /// What has come of what the course asked for.
        var inputs: [StreamCourse.Input] = []
        var submissions: [([ParsedEvent], Int, StreamCourse.Part)] = []
        var ourSet: Set<EventID> = []
        var theirSet: Set<EventID> = []
        var sentUp: [EventID: Int] = [:]
        var sentDown: [EventID: Int] = [:]
    }

    struct Relay {
        var events: [EventID: Event] = [:]
        var commits: [Commit] = []
    }

    var relays: [Relay]
    var links: [Link]
    private(set) var now = Uptime.zero
    private var chance: SplitMix64

    /// - Parameter pairs: who dials whom.
    init(_ count: Int, _ pairs: [(Int, Int)], seed: UInt64) {
        relays = Array(repeating: Relay(), count: count)
        links = pairs.map { Link(from: $0, to: $1, course: StreamCourse(StreamTerms())) }
        chance = SplitMix64(seed: seed)
    }

    mutating func store(_ event: Event, at relay: Int) {
        guard relays[relay].events.updateValue(event, forKey: event.id) == nil else { return }
        relays[relay].commits.append(
            Commit(
                sequence: CommitSequence(rawValue: UInt64(relays[relay].commits.count + 1)), stored: [event],
                numbers: [1], removed: []))
        for index in links.indices {
            if links[index].from == relay { links[index].inputs.append(.news) }
            if links[index].to == relay, links[index].isSubscribed { give(event, "live", index) }
        }
    }

    /// Loses the connection of a link with everything that is on its way.
    mutating func cut(_ index: Int) {
        guard links[index].isConnected else { return }
        let number = links[index].course.number
        hangUp(index)
        links[index].inputs.append(.heard(number, .lost("connection lost")))
    }

    /// One of the things that can happen; time passes when there is none.
    ///
    /// - Returns: `false` when nothing will happen any more.
    mutating func step() -> Bool {
        var choices: [() -> (inout StreamRing) -> Void] = []
        for index in links.indices {
            if !links[index].up.isEmpty { choices.append { { $0.arriveThere(index) } } }
            if !links[index].down.isEmpty { choices.append { { $0.arriveHere(index) } } }
            if !links[index].inputs.isEmpty { choices.append { { $0.takeInput(index) } } }
            if !links[index].submissions.isEmpty { choices.append { { $0.judge(index) } } }
        }
        if let choice = choices.randomElement(using: &chance) {
            choice()(&self)
            return true
        }
        if now == .zero {
            now = now + .milliseconds(1)
            for index in links.indices { reduce(index, .tick) }
            return true
        }
        guard let next = links.compactMap(\.course.nextDeadline).min() else { return false }
        now = max(now, next)
        for index in links.indices { reduce(index, .tick) }
        return true
    }

    /// Lets everything happen that follows.
    mutating func rest(within steps: Int = 100_000) -> Bool {
        for _ in 0..<steps {
            // What is left to look at is whether a conversation lasts.
            if links.allSatisfy({ $0.course.snapshot == StreamSnapshot(state: .live, waiting: 0) }), isQuiet {
                return true
            }
            if !step() { return true }
        }
        return false
    }

    private var isQuiet: Bool {
        links.allSatisfy {
            $0.up.isEmpty && $0.down.isEmpty && $0.inputs.isEmpty && $0.submissions.isEmpty
                && !$0.course.talk.hasNews
        }
    }

    // MARK: What happens

    private mutating func reduce(_ index: Int, _ input: StreamCourse.Input) {
        let effects = links[index].course.reduce(
            input, at: now, wall: Timestamp(1_800_000_000), using: &chance)
        for effect in effects { perform(effect, index) }
    }

    private mutating func takeInput(_ index: Int) { reduce(index, links[index].inputs.removeFirst()) }

    private mutating func tell(_ index: Int, _ heard: StreamCourse.Heard) {
        links[index].inputs.append(.heard(links[index].course.number, heard))
    }

    private mutating func perform(_ effect: StreamCourse.Effect, _ index: Int) {
        let own = relays[links[index].from]
        switch effect {
        case .dial:
            links[index].isConnected = true
            tell(index, .opened(CommitSequence(rawValue: UInt64(own.commits.count))))
        case .hangUp: hangUp(index)
        case .send(let message):
            if case .event(let event) = message { links[index].sentUp[event.id, default: 0] += 1 }
            links[index].up.append(message)
        case .prepare:
            links[index].ourSet = Set(own.events.keys)
            tell(
                index, .prepared(.set(first: "61", count: links[index].ourSet.count, StreamCourse.Manners())))
        case .step:
            let (ours, theirs) = (links[index].ourSet, links[index].theirSet)
            tell(
                index,
                .stepped(
                    .init(
                        message: nil, have: ours.subtracting(theirs).sorted(),
                        need: theirs.subtracting(ours).sorted())))
        case .submit(let events, let bytes, let part): links[index].submissions.append((events, bytes, part))
        case .follow(let position):
            let commits = Array(own.commits[Int(position.rawValue)...].prefix(3))
            tell(index, .followed(.commits(commits), seen: []))
        case .load(let ids): tell(index, .loaded(ids.compactMap { own.events[$0] }))
        case .dropSet, .sign, .pauseReading, .resumeReading, .note: break
        }
    }

    private mutating func judge(_ index: Int) {
        let (events, bytes, part) = links[index].submissions.removeFirst()
        for event in events { store(event.event, at: links[index].from) }
        tell(index, .judged(part, bytes: bytes, ImportReport(), unwanted: []))
    }

    private mutating func hangUp(_ index: Int) {
        (links[index].isConnected, links[index].isSubscribed) = (false, false)
        (links[index].up, links[index].down) = ([], [])
    }

    private mutating func arriveHere(_ index: Int) {
        let message = links[index].down.removeFirst()
        reduce(index, .heard(links[index].course.number, .received([message], unreadable: 0)))
    }

    private mutating func give(_ event: Event, _ name: SubscriptionID, _ index: Int) {
        links[index].sentDown[event.id, default: 0] += 1
        links[index].down.append(.event(name, event))
    }

    private mutating func arriveThere(_ index: Int) {
        let relay = links[index].to
        switch links[index].up.removeFirst() {
        case .event(let event):
            let isKnown = relays[relay].events[event.id] != nil
            store(event.event, at: relay)
            links[index].down.append(
                .ok(event.id, accepted: true, message: isKnown ? "duplicate: have it" : ""))
        case .request("live", _):
            links[index].isSubscribed = true
            links[index].down.append(.endOfStoredEvents("live"))
        case .request(let name, let filters):
            let asked = relays[relay].events.values.filter { event in filters.contains { $0.matches(event) } }
            for event in asked { give(event, name, index) }
            links[index].down.append(.endOfStoredEvents(name))
        case .negentropyOpen:
            links[index].theirSet = Set(relays[relay].events.keys)
            links[index].down.append(.negentropyMessage("neg", "6100"))
        case .count, .close, .authenticate, .negentropyMessage, .negentropyClose: break
        }
    }
}
