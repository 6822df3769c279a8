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
    /// When our store takes nothing at all.
    var storeOutage: ClosedRange<Uptime>?
    /// What the holding area takes.
    var holds = 1000
    /// How often the follower finds that it is beyond the feed's horizon.
    var losesFeed = 0.0
    /// What each relay says of itself (NIP-11).
    var information: [UpstreamInformation] = []
    /// How often it says nothing at all.
    var informationFails = 0.0
    /// When our clock is set, and by how much.
    var clockJumps: [(at: Uptime, by: Duration)] = []
    /// Audits come often: something is lost on the way that only they can find.
    var auditsOften = false
    /// How often somebody's clock, or what they import, is long ago.
    var backdates = 0.0
    /// How often an owner deletes an announcement.
    var deletesAnnouncements = 0.0
    var valuesPerFilter = 100
    var usesNegentropy = true
    /// Events of a filter here from which on it is reconciled.
    var leastReconciled = 1
    /// Whether this is one of the few worlds with many relays and very many repositories.
    let isBig: Bool
    /// Whether it has twenty of those and two hundred of these.
    let isBiggest: Bool

    static let start = Timestamp(1_750_000_000)
    /// **Seconds** after the last fault by which everything is followed live, or in rounds.
    static let late: Int64 = 1000
    static let service = "grasp.test"

    static func seconds(_ value: Int64) -> Uptime { Uptime(nanoseconds: value * 1_000_000_000) }

    init(seed: UInt64) {
        var rng = SplitMix64(seed: seed)
        isBig = World.isBig(seed)
        isBiggest = World.isBiggest(seed)
        let count = Int.random(in: isBiggest ? 20...20 : isBig ? 8...20 : 1...5, using: &rng)
        relays = (0..<count).map {
            try! RelayURL("wss://r\($0).test")
        }
        bootstrap = Int.random(in: 1...min(2, relays.count), using: &rng)
        faultsEnd = Self.seconds(Int64.random(in: 200...1500, using: &rng))
        let isCalm = Int.random(in: 0..<8, using: &rng) == 0
        manners = relays.map { _ in ModelRelay.Manners(isCalm: isCalm, isBusy: isBig, &rng) }
        if Bool.random(using: &rng) { verdictDelay = 1...Int64.random(in: 10...8000, using: &rng) }
        if Bool.random(using: &rng) { followerDelay = 1...Int64.random(in: 10...8000, using: &rng) }
        if Int.random(in: 0..<6, using: &rng) == 0, !isCalm { storeFails = 0.05 }
        if Int.random(in: 0..<4, using: &rng) == 0 { losesFeed = 0.01 }
        holds = [1000, 1000, 3, 0].randomElement(using: &rng) ?? 1000
        valuesPerFilter = [100, 100, 3, 2].randomElement(using: &rng) ?? 100
        if isBig { (holds, valuesPerFilter, followerDelay) = (10_000, 100, 1...100) }
        information = relays.map { _ in UpstreamInformation(isBig: isBig, &rng) }
        if information.contains(where: \.isTiny) { valuesPerFilter = 100 }
        if Int.random(in: 0..<6, using: &rng) == 0, !isCalm { informationFails = 0.5 }
        if Int.random(in: 0..<5, using: &rng) == 0, !isCalm {
            clockJumps = (0..<2).map { _ in
                (moment(&rng), .seconds(Int64.random(in: -4000...4000, using: &rng)))
            }
        }
        restarts = (0..<[0, 0, 1, 2].randomElement(using: &rng)!).map { _ in moment(&rng) }
        for relay in relays where !isCalm && Int.random(in: 0..<2, using: &rng) == 0 {
            let from = moment(&rng)
            let isForEver = relay != relays[0] && Int.random(in: 0..<6, using: &rng) == 0
            let to = from + .seconds(Int64.random(in: 5...1200, using: &rng))
            outages.append((relay, from, isForEver ? nil : min(to, faultsEnd)))
        }
        if !isCalm { planMore(seed) }
        planNegentropy(seed)
        // What is written long before it is published, while we are away for a moment, only an audit finds.
        auditsOften = !clockJumps.isEmpty || backdates > 0 || manners.contains { $0.losesLive > 0 }
        publish(&rng)
    }

    /// Decided by a chance of its own, so that all other worlds are as they would be without it.
    private mutating func planMore(_ seed: UInt64) {
        var rng = SplitMix64(seed: seed ^ 0x5EED)
        if Int.random(in: 0..<10, using: &rng) == 0 {
            let from = moment(&rng)
            storeOutage = from...from + .seconds(Int64.random(in: 5...200, using: &rng))
        }
        if Int.random(in: 0..<8, using: &rng) == 0 { backdates = 0.3 }
        if Int.random(in: 0..<6, using: &rng) == 0 { deletesAnnouncements = 0.3 }
        guard isBig, Int.random(in: 0..<3, using: &rng) == 0 else { return }
        // One of many relays leaves hardly any room.
        let tiny = Int.random(in: 0..<relays.count, using: &rng)
        information[tiny].maxSubscriptions = Int.random(in: 2...8, using: &rng)
        information[tiny].maxFilters = Int.random(in: 1...4, using: &rng)
        information[tiny].maxMessageLength = [nil, 65_536, 8000].randomElement(using: &rng) ?? nil
    }

    /// Decided by a chance of its own, too.
    private mutating func planNegentropy(_ seed: UInt64) {
        var rng = SplitMix64(seed: seed ^ 0x77)
        usesNegentropy = Int.random(in: 0..<10, using: &rng) > 0
        leastReconciled = [0, 1, 1, 4].randomElement(using: &rng) ?? 1
        for index in relays.indices {
            let kinds: [ModelRelay.Negentropy] = [
                .works, .works, .works, .works, .small, .small, .silent, .notice, .disabled, .closed,
                .blocked(5),
                .garbage, .endsSessions, .endless, .listsMore, .listsMore,
            ]
            manners[index].negentropy = kinds.randomElement(using: &rng) ?? .works
            if Bool.random(using: &rng) { information[index].supportedNIPs = [1, 77] }
        }
    }

    private func moment(_ rng: inout SplitMix64) -> Uptime {
        Uptime(nanoseconds: Int64.random(in: 0...faultsEnd.nanoseconds, using: &rng))
    }
}

extension ModelRelay.Manners {
    /// - Parameter isBusy: very much is asked of it, so that its faults must not make it useless.
    init(isCalm: Bool, isBusy: Bool, _ rng: inout SplitMix64) {
        cap = (isBusy ? [5000, 500, 100] : [5000, 5000, 500, 50, 20, 10]).randomElement(using: &rng) ?? 5000
        capsTotal = Int.random(in: 0..<3, using: &rng) == 0
        servesInTurn = Bool.random(using: &rng)
        tagCap = (isBusy ? [5000, 500, 100] : [5000, 5000, 30, 12]).randomElement(using: &rng) ?? 5000
        guard !isCalm else { return }
        func sometimes(_ most: Double) -> Double {
            Bool.random(using: &rng) ? 0 : Double.random(in: 0...most, using: &rng)
        }
        dialFails = sometimes(0.5)
        closes = sometimes(0.2)
        closesLive = sometimes(0.2)
        isSilent = sometimes(0.1)
        drops = sometimes(0.05)
        refusesTags = Int.random(in: 0..<12, using: &rng) == 0
        limitZero = [.nothing, .nothing, .everything, .refused].randomElement(using: &rng) ?? .nothing
        limitsRate = sometimes(0.1)
        wantsAuth = Int.random(in: 0..<6, using: &rng) == 0
        refusesAuth = wantsAuth && Int.random(in: 0..<4, using: &rng) == 0
        if Int.random(in: 0..<6, using: &rng) == 0 { losesLive = 0.3 }
        if Int.random(in: 0..<12, using: &rng) == 0 { floods = 0.02 }
        if Int.random(in: 0..<6, using: &rng) == 0 { forges = 0.05 }
        if Bool.random(using: &rng) {
            latency = 5...Int64.random(in: 300...(isBusy ? 500 : 3000), using: &rng)
        }
    }
}

extension UpstreamInformation {
    /// What one of many relays says of itself: most let us ask enough.
    init(isBig: Bool, _ rng: inout SplitMix64) {
        self.init()
        maxSubscriptions = (isBig ? [20, 20, 10, nil] : [20, 20, 8, 6, 3]).randomElement(using: &rng) ?? nil
        maxFilters = (isBig ? [10, 16, nil] : [10, 10, 6, 4]).randomElement(using: &rng) ?? nil
        maxLimit =
            (isBig ? [5000, 500, 100, nil] : [5000, 500, 100, 20, 12, nil]).randomElement(using: &rng) ?? nil
        guard !isBig, Int.random(in: 0..<4, using: &rng) == 0 else { return }
        // Hardly anything.
        maxSubscriptions = Int.random(in: 1...8, using: &rng)
        maxFilters = Int.random(in: 1...4, using: &rng)
        maxLimit = [nil, 100, 12, 5].randomElement(using: &rng) ?? nil
        maxMessageLength = [nil, 65_536, 4000, 1200, 600].randomElement(using: &rng) ?? nil
    }

    /// Whether a question for many values must be cut into very many.
    var isTiny: Bool { maxFilters ?? 16 < 4 || maxSubscriptions ?? 20 < 3 }
}
