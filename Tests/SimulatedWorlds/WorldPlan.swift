// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import SyncPlanner
import TestSupport

/// What a seed decides before a world begins: who is there, and what goes wrong.
struct WorldPlan {
    var relays: [RelayURL] = []
    var bootstrap = 1
    var manners: [ModelRelay.Manners] = []
    var faultsEnd = Uptime.zero
    var publications: [(at: Uptime, event: Event, relays: [RelayURL])] = []
    var restarts: [Uptime] = []
    /// Relays that are away for a while, and may be for ever.
    var outages: [(relay: RelayURL, from: Uptime, to: Uptime?)] = []
    var verdictDelay: ClosedRange<Int64> = 1...200
    var followerDelay: ClosedRange<Int64> = 1...200
    var storeFails = 0.0
    /// What the holding area takes.
    var holds = 1000
    /// How often the follower finds that it is beyond the feed's horizon.
    var losesFeed = 0.0
    /// What every relay says of itself (NIP-11).
    var information = UpstreamInformation()
    /// What of that it means in earnest.
    var limits = UpstreamLimits()
    /// How often it says nothing at all.
    var informationFails = 0.0
    /// When our clock is set, and by how much.
    var clockJumps: [(at: Uptime, by: Duration)] = []
    /// Audits come often: something is lost on the way that only they can find.
    var auditsOften = false
    var valuesPerFilter = 100

    /// Whether live subscriptions may not suffice for everything.
    var isTight: Bool { limits.liveSubscriptions * limits.maxFilters < 24 }

    static let start = Timestamp(1_750_000_000)
    static let service = "grasp.test"

    static func seconds(_ value: Int64) -> Uptime { Uptime(nanoseconds: value * 1_000_000_000) }

    init(seed: UInt64) {
        var rng = SplitMix64(seed: seed)
        relays = (0..<Int.random(in: 1...5, using: &rng)).map { try! RelayURL("wss://r\($0).test") }
        bootstrap = Int.random(in: 1...min(2, relays.count), using: &rng)
        faultsEnd = Self.seconds(Int64.random(in: 200...1500, using: &rng))
        let isCalm = Int.random(in: 0..<8, using: &rng) == 0
        manners = relays.map { _ in Self.manners(isCalm: isCalm, &rng) }
        if Bool.random(using: &rng) { verdictDelay = 1...Int64.random(in: 10...8000, using: &rng) }
        if Bool.random(using: &rng) { followerDelay = 1...Int64.random(in: 10...8000, using: &rng) }
        if Int.random(in: 0..<6, using: &rng) == 0, !isCalm { storeFails = 0.05 }
        if Int.random(in: 0..<4, using: &rng) == 0 { losesFeed = 0.01 }
        holds = [1000, 1000, 3, 0].randomElement(using: &rng) ?? 1000
        information.maxSubscriptions = [20, 20, 8, 6, 3].randomElement(using: &rng)
        information.maxFilters = [10, 10, 6, 4].randomElement(using: &rng)
        information.maxLimit = [5000, 500, 100, 20, 12, nil].randomElement(using: &rng) ?? nil
        limits = UpstreamLimits(
            maxSubscriptions: information.maxSubscriptions ?? 20, maxFilters: information.maxFilters ?? 10)
        if Int.random(in: 0..<6, using: &rng) == 0, !isCalm { informationFails = 0.5 }
        if Int.random(in: 0..<5, using: &rng) == 0, !isCalm {
            clockJumps = (0..<2).map { _ in
                (moment(&rng), .seconds(Int64.random(in: -4000...4000, using: &rng)))
            }
        }
        valuesPerFilter = [100, 100, 3, 2].randomElement(using: &rng) ?? 100
        restarts = (0..<[0, 0, 1, 2].randomElement(using: &rng)!).map { _ in moment(&rng) }
        for relay in relays where !isCalm && Int.random(in: 0..<2, using: &rng) == 0 {
            let from = moment(&rng)
            let isForEver = relay != relays[0] && Int.random(in: 0..<6, using: &rng) == 0
            let to = from + .seconds(Int64.random(in: 5...1200, using: &rng))
            outages.append((relay, from, isForEver ? nil : min(to, faultsEnd)))
        }
        auditsOften = !clockJumps.isEmpty || manners.contains { $0.losesLive > 0 }
        publish(&rng)
    }

    private func moment(_ rng: inout SplitMix64) -> Uptime {
        Uptime(nanoseconds: Int64.random(in: 0...faultsEnd.nanoseconds, using: &rng))
    }

    private static func manners(isCalm: Bool, _ rng: inout SplitMix64) -> ModelRelay.Manners {
        var manners = ModelRelay.Manners()
        manners.cap = [5000, 5000, 500, 50, 20, 10].randomElement(using: &rng) ?? 5000
        manners.capsTotal = Int.random(in: 0..<3, using: &rng) == 0
        guard !isCalm else { return manners }
        func sometimes(_ most: Double) -> Double {
            Bool.random(using: &rng) ? 0 : Double.random(in: 0...most, using: &rng)
        }
        manners.dialFails = sometimes(0.5)
        manners.closes = sometimes(0.2)
        manners.closesLive = sometimes(0.2)
        manners.isSilent = sometimes(0.1)
        manners.drops = sometimes(0.05)
        manners.refusesTags = Int.random(in: 0..<12, using: &rng) == 0
        manners.limitZero =
            [.nothing, .nothing, .everything, .refused].randomElement(using: &rng) ?? .nothing
        manners.limitsRate = sometimes(0.1)
        manners.wantsAuth = Int.random(in: 0..<6, using: &rng) == 0
        manners.refusesAuth = manners.wantsAuth && Int.random(in: 0..<4, using: &rng) == 0
        if Int.random(in: 0..<6, using: &rng) == 0 { manners.losesLive = 0.3 }
        if Int.random(in: 0..<12, using: &rng) == 0 { manners.floods = 0.02 }
        if Bool.random(using: &rng) { manners.latency = 5...Int64.random(in: 300...3000, using: &rng) }
        return manners
    }
}

// What people write, and where they publish it.
extension WorldPlan {
    private mutating func publish(_ rng: inout SplitMix64) {
        var events = ModelEvents(rng: rng.split())
        var clock = rng.split()
        for number in 0..<Int.random(in: 1...6, using: &rng) {
            publishRepository(number, &rng, &events, &clock)
        }
    }

    /// A moment before or after the beginning, and what the author's clock says then; sometimes many at once.
    private func when(_ clock: inout SplitMix64, after earlier: Uptime? = nil) -> (Uptime, Timestamp) {
        let isHistory = Int.random(in: 0..<3, using: &clock) > 0
        if isHistory, (earlier ?? .zero) == .zero {
            let ago = Bool.random(using: &clock) ? 1000 : Int64.random(in: 1000...100_000, using: &clock)
            return (.zero, Self.start.advanced(by: -ago))
        }
        let from = earlier?.nanoseconds ?? 0
        let most = max(from, faultsEnd.nanoseconds)
        let at = Uptime(nanoseconds: Int64.random(in: from...most, using: &clock))
        let skew = Int64.random(in: -20...20, using: &clock)
        return (at, Self.start.advanced(by: at.nanoseconds / 1_000_000_000 + skew))
    }

    private mutating func publishRepository(
        _ number: Int, _ rng: inout SplitMix64, _ events: inout ModelEvents, _ clock: inout SplitMix64
    ) {
        let isOurs = Int.random(in: 0..<4, using: &rng) > 0
        let identifier = ["alpha", "be:ta/%", "alpha", "gamma"].randomElement(using: &rng)!
        let owner = 1 + number
        let listed = relays.filter { _ in Bool.random(using: &rng) }
        let maintainer = Bool.random(using: &rng) ? 50 + number : nil
        let (at, created) = when(&clock)
        var tags = [
            ["d", identifier], ["relays"] + listed.map(\.text) + (isOurs ? ["wss://\(Self.service)"] : []),
        ]
        if isOurs { tags.append(["clone", "https://\(Self.service)/x/\(number).git"]) }
        if let maintainer { tags.append(["maintainers", ModelEvents.key(maintainer).hex]) }
        let announcement = events.event(.repositoryAnnouncement, by: owner, at: created, tags)
        add(announcement, at, listed + [relays[0]], &rng)
        let address = announcement.address!.text.string
        if let maintainer {
            let (at, created) = when(&clock)
            let theirs = relays.filter { _ in Bool.random(using: &rng) }
            add(
                events.event(
                    .repositoryAnnouncement, by: maintainer, at: created,
                    [
                        ["d", identifier], ["relays"] + theirs.map(\.text),
                        ["maintainers", ModelEvents.key(maintainer + 100).hex],
                    ]), at, listed + theirs, &rng)
        }
        // The third is a maintainer's maintainer, the last is nobody.
        for author in [owner, maintainer ?? owner, (maintainer ?? owner) + 100, 99] {
            let (at, created) = when(&clock)
            add(
                events.event(.repositoryState, by: author, at: created, [["d", identifier]]), at, listed, &rng
            )
        }
        let isBusy = Int.random(in: 0..<4, using: &rng) == 0
        for _ in 0..<Int.random(in: 0...(isBusy ? 25 : 4), using: &rng) {
            publishRoot(of: address, on: listed, &rng, &events, &clock)
        }
        if Int.random(in: 0..<3, using: &rng) == 0 {
            edit(announcement, tags, owner, at, listed, &rng, &events, &clock)
        }
    }

    /// The owner announces again: other relays, or no longer with us.
    private mutating func edit(
        _ announcement: Event, _ tags: [[String]], _ owner: Int, _ at: Uptime, _ listed: [RelayURL],
        _ rng: inout SplitMix64, _ events: inout ModelEvents, _ clock: inout SplitMix64
    ) {
        let (later, created) = when(&clock, after: at)
        let moved = relays.filter { _ in Bool.random(using: &rng) }
        var tags = tags
        let ours = tags[1].filter { $0.hasSuffix(Self.service) }
        tags[1] = ["relays"] + moved.map(\.text) + (Int.random(in: 0..<3, using: &rng) == 0 ? [] : ours)
        let time = max(created, announcement.createdAt.advanced(by: 1))
        add(
            events.event(.repositoryAnnouncement, by: owner, at: time, tags), later, listed + [relays[0]],
            &rng)
    }

    private mutating func publishRoot(
        of address: String, on listed: [RelayURL], _ rng: inout SplitMix64, _ events: inout ModelEvents,
        _ clock: inout SplitMix64
    ) {
        let kind = Kind.repositoryRoots.randomElement(using: &rng)!
        let (at, created) = when(&clock)
        let author = Int.random(in: 60...70, using: &rng)
        var tags = [["a", address]]
        if Int.random(in: 0..<4, using: &rng) == 0 {
            // Asked for once, when the root is known: so it must be there by then.
            let quoted = events.event(.textNote, by: author, at: created, [])
            publications.append((at, quoted, relays))
            tags.append(["q", quoted.id.hex])
        }
        let root = events.event(kind, by: author, at: created, tags)
        add(root, at, listed, &rng)
        for _ in 0..<Int.random(in: 0...4, using: &rng) {
            let (at, created) = when(&clock)
            let commenter = Int.random(in: 60...70, using: &rng)
            let letter = ["e", "E", "q"].randomElement(using: &rng)!
            let comment = events.event(.comment, by: commenter, at: created, [[letter, root.id.hex]])
            add(comment, at, listed, &rng)
            if Int.random(in: 0..<8, using: &rng) == 0 {
                let (at, created) = when(&clock, after: max(at, Self.seconds(1)))
                add(
                    events.event(.deletion, by: commenter, at: created, [["e", comment.id.hex]]), at, listed,
                    &rng)
            }
        }
    }

    private mutating func add(
        _ event: Event, _ at: Uptime, _ relays: [RelayURL], _ rng: inout SplitMix64
    ) {
        var chosen = relays.filter { _ in Bool.random(using: &rng) }
        if chosen.isEmpty, let one = relays.randomElement(using: &rng) { chosen = [one] }
        publications.append((at, event, chosen))
    }
}
