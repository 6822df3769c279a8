// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import SyncPlanner
import TestSupport
import Testing

/// One planner and the world that a test makes up for it.
struct Scene {
    var planner: SyncPlanner
    var now = Uptime.zero
    var wall = Timestamp(1_750_000_000)
    /// Everything that was wanted since ``take()``.
    private(set) var effects: [SyncEffect] = []
    /// What is durable.
    private(set) var rows: [[UInt8]: SyncRow] = [:]
    private(set) var facts: [SyncFact] = []
    /// What relays say of themselves, when they are asked.
    var information: UpstreamInformation?
    var answersInformation = true
    /// Whether it is told at once, when a filter is to be reconciled, that nothing of it is here.
    var gathersNothing = true
    private var chance = SplitMix64(seed: 1)
    var position: UInt64 = 0
    /// What our own store is said to hold.
    let stored: [Event]

    static let a = try! RelayURL("wss://a.test")
    static let b = try! RelayURL("wss://b.test")
    static let c = try! RelayURL("wss://c.test")
    static let domain = "grasp.test"

    init(
        bootstrap: [RelayURL] = [a], restored: [SyncRow] = [], at wall: Timestamp = Timestamp(1_750_000_000),
        stored: [Event] = [], change: (inout SyncConfiguration) -> Void = { _ in }
    ) {
        var own = OwnAddresses()
        own.insert(domain: Self.domain)
        var configuration = SyncConfiguration(
            bootstrap: bootstrap, own: own, service: ServiceAuthority(Self.domain))
        change(&configuration)
        planner = SyncPlanner(configuration: configuration)
        self.wall = wall
        self.stored = stored
        for row in restored { rows[row.key] = row }
        tell(.start(restored: restored))
        let announcements = stored.filter { $0.kind == .repositoryAnnouncement }
        tell(.followed(stored: announcements, removed: [], through: CommitPosition(position)))
        tell(.caughtUp)
    }

    /// Tells the planner, and does at once what costs no imagination: claims are granted, rows are written.
    mutating func tell(_ input: SyncInput) {
        let wanted = planner.reduce(input, at: now, wall: wall, using: &chance)
        effects += wanted
        for effect in wanted {
            switch effect {
            case .claim(let relay): tell(.ownership(relay, isOurs: true))
            case .fetchInformation(let link) where answersInformation: tell(.information(link, information))
            case .gather(let id, _, _) where gathersNothing: tell(.gathered(id, .set(count: 0)))
            case .write(let written):
                for row in written { rows[row.key] = row.value == nil ? nil : row }
            case .report(let fact): facts.append(fact)
            case .askStore(let id, let question):
                let filters = question.filters
                let found = stored.filter { event in filters.contains { $0.matches(event) } }
                tell(.found(id, found, isLast: true))
            default: break
            }
        }
    }

    /// What was wanted since the last call.
    mutating func take() -> [SyncEffect] {
        defer { effects = [] }
        return effects
    }

    /// Forgets that this subscription was opened.
    mutating func drop(_ id: SubscriptionID) {
        effects.removeAll { if case .open(_, id, _) = $0 { true } else { false } }
    }

    /// Forgets everything but that this link was dialled.
    mutating func effects(keeping link: LinkID) { effects = [.dial(link, namedBy: .operator)] }

    /// Lets time pass and every deadline in it come.
    mutating func wait(_ span: Duration) {
        let end = now + span
        let start = now
        let wallStart = wall
        while let deadline = planner.nextDeadline, deadline <= end {
            now = max(deadline, now + .nanoseconds(1))
            wall = wallStart.advanced(by: (now - start).components.seconds)
            tell(.tick)
        }
        now = end
        wall = wallStart.advanced(by: (end - start).components.seconds)
        tell(.tick)
    }

    /// The store took these.
    mutating func commit(_ events: Event...) {
        position += 1
        tell(.followed(stored: events, removed: [], through: CommitPosition(position)))
    }
}

// What a relay and the store would do.
extension Scene {
    /// The link that was dialled last.
    func link(to relay: RelayURL) -> LinkID? {
        var found: LinkID?
        for case .dial(let link, _) in effects where link.relay == relay { found = link }
        return found
    }

    /// What was opened on a relay and not closed since ``take()``.
    func open(_ relay: RelayURL, _ letter: String = "") -> [(id: SubscriptionID, filters: [Filter])] {
        var open: [(id: SubscriptionID, filters: [Filter])] = []
        for effect in effects {
            switch effect {
            case .open(let link, let id, let filters)
            where link.relay == relay && id.text.string.hasPrefix(letter):
                open.append((id, filters))
            case .close(let link, let id) where link.relay == relay: open.removeAll { $0.id == id }
            default: break
            }
        }
        return open
    }

    /// Dials succeed, and every subscription is answered by EOSE, until nothing more is asked.
    ///
    /// - Parameter events: what the relay holds.
    mutating func answerAll(_ relay: RelayURL, with events: [Event] = []) {
        guard let link = link(to: relay) else { return }
        tell(.linkUp(link))
        answer(link, with: events)
    }

    mutating func answer(_ link: LinkID, with events: [Event] = []) {
        var answered: Set<SubscriptionID> = []
        while let (id, filters) = open(link.relay).first(where: { !answered.contains($0.id) }) {
            answered.insert(id)
            let found = events.filter { event in filters.contains { $0.matches(event) } }
            tell(.received(link, found.map { .event(id, $0) } + [.endOfStoredEvents(id)]))
            judgeAll()
        }
    }

    /// The dial succeeds and the first live subscription is answered, so that the first page of a history is asked.
    mutating func openHistory(at relay: RelayURL) throws -> (
        link: LinkID, page: (id: SubscriptionID, filters: [Filter])
    ) {
        let link = try #require(self.link(to: relay))
        tell(.linkUp(link))
        tell(.received(link, [.endOfStoredEvents(try #require(open(relay, "l").first).id)]))
        return (link, try #require(open(relay, "h").first))
    }

    /// Every submission is stored, and followed.
    mutating func judgeAll() {
        let submissions = effects.compactMap { effect -> (SubmissionID, [ParsedEvent])? in
            if case .submit(let id, _, let events) = effect { (id, events) } else { nil }
        }
        effects.removeAll { if case .submit = $0 { true } else { false } }
        for (id, events) in submissions {
            position += 1
            tell(.judged(id, events.map { _ in .stored(CommitPosition(position)) }))
            tell(.followed(stored: events.map(\.event), removed: [], through: CommitPosition(position)))
        }
    }

    func status(_ relay: RelayURL) -> RelayStatus? { planner.relays[relay]?.status }
}

extension Event {
    /// An announcement that lists our domain and these relays.
    static func announcement(
        _ identifier: String = "repo", by author: Int = 1, at time: Int64 = 1_700_000_000,
        on relays: [RelayURL], isOurs: Bool = true, maintainers: [Int] = []
    ) -> Event {
        var tags = [
            Tag(["d", identifier]),
            Tag(["relays"] + (isOurs ? ["wss://\(Scene.domain)"] : []) + relays.map(\.text)),
        ]
        if isOurs { tags.append(.of("clone", "https://\(Scene.domain)/npub/\(identifier).git")) }
        if !maintainers.isEmpty {
            tags.append(Tag(["maintainers"] + maintainers.map { TestKey.publicKey($0).hex }))
        }
        return .fixture(kind: .repositoryAnnouncement, at: time, tags: tags, by: author)
    }

    static func issue(of announcement: Event, at time: Int64 = 1_700_000_100, by author: Int = 2) -> Event {
        .fixture(kind: .issue, at: time, tags: [.of("a", announcement.address!.text.string)], by: author)
    }
}
