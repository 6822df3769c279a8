// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import SyncPlanner
import TestSupport

/// A world of relays around one planner, in virtual time, from a seed.
package struct World {
    let seed: UInt64
    let plan: WorldPlan
    var rng: SplitMix64
    var now = Uptime.zero
    var agenda = Agenda<Action>()
    var relays: [RelayURL: ModelRelay] = [:]
    var store: ModelStore
    /// What survives a restart.
    var rows: [[UInt8]: SyncRow] = [:]
    /// Why this world is not as it should be.
    package var complaints: [String] = []
    var inputs = 0
    /// Ticks of one virtual second.
    private var ticks = (second: Int64(-1), count: 0)

    // The planner that runs now.
    var planner: SyncPlanner
    var life = 0
    var chance: SplitMix64
    var log: [Step] = []
    private var keepsLog = false
    var tickAt: Uptime?
    var followed = CommitPosition.start
    var followIsDue = false
    var ledger = Ledger()
    var reconciliations: [ReconciliationID: Reconciliation] = [:]
    var unwanted = UnwantedEvents()
    /// Negentropy messages that reached each relay.
    var traffic: [RelayURL: Int] = [:]
    let relayOfKey: [[UInt8]: RelayURL]

    /// One call of the planner.
    struct Step {
        let input: SyncInput
        let now: Uptime
        let wall: Timestamp
        let effects: [SyncEffect]
    }

    indirect enum Action {
        /// Travels over a link of one life: links of different lives may share a number.
        case inLife(Int, Action)
        /// For the planner, if it still is the one it was meant for.
        case tell(SyncInput, life: Int)
        case tick(life: Int)
        case publish(Event, [RelayURL])
        case request(LinkID, SubscriptionID, [Filter])
        case unsubscribe(LinkID, SubscriptionID)
        /// With a filter NEG-OPEN, else NEG-MSG.
        case reconcile(LinkID, SubscriptionID, Filter?, [UInt8])
        case endSession(LinkID, SubscriptionID)
        case deliver(LinkID, [RelayMessage])
        case authenticate(LinkID, EventID)
        case setClock(Duration)
        case judge(SubmissionID, [Event], of: RelayURL, life: Int)
        case write([SyncRow], life: Int)
        case follow(life: Int)
        case restart
        case goDown(RelayURL)
        case comeBack(RelayURL)
        case endFaults
    }

    /// Whether this seed's world is one of the few with many relays and very many repositories.
    package static func isBig(_ seed: UInt64) -> Bool { seed % 40 == 39 }

    /// Whether it has as many as there may be: one of five big ones.
    static func isBiggest(_ seed: UInt64) -> Bool { seed % 200 == 199 }

    package init(seed: UInt64) {
        self.seed = seed
        plan = WorldPlan(seed: seed)
        rng = SplitMix64(seed: seed ^ 0xABCD)
        chance = SplitMix64(seed: seed ^ 0x1234)
        store = ModelStore(
            admission: GraspAdmission(service: ServiceAuthority(WorldPlan.service)), holds: plan.holds)
        planner = SyncPlanner(configuration: Self.configuration(plan))
        for (url, manners) in zip(plan.relays, plan.manners) {
            relays[url] = ModelRelay(url: url)
            relays[url]?.manners = manners
        }
        relayOfKey = Dictionary(uniqueKeysWithValues: plan.relays.map { (SyncRow.relayKey($0), $0) })
        for (url, information) in zip(plan.relays, plan.information) {
            relays[url]?.information = information
        }
        for publication in plan.publications {
            agenda.add(.publish(publication.event, publication.relays), at: publication.at)
        }
        for jump in plan.clockJumps { agenda.add(.setClock(jump.by), at: jump.at) }
        for moment in plan.restarts { agenda.add(.restart, at: moment) }
        for outage in plan.outages {
            agenda.add(.goDown(outage.relay), at: outage.from)
            if let to = outage.to { agenda.add(.comeBack(outage.relay), at: to) }
        }
        agenda.add(.endFaults, at: plan.faultsEnd)
    }

    static func configuration(_ plan: WorldPlan) -> SyncConfiguration {
        var own = OwnAddresses()
        own.insert(domain: WorldPlan.service)
        var configuration = SyncConfiguration(
            bootstrap: Array(plan.relays.prefix(plan.bootstrap)), own: own,
            service: ServiceAuthority(WorldPlan.service))
        configuration.quickReconnectWindow = .seconds(300)
        configuration.overlap = .seconds(120)
        configuration.backoffMax = .seconds(300)
        configuration.cursorInterval = .seconds(60)
        configuration.roundInterval = .seconds(100)
        configuration.heartbeat = .seconds(240)
        configuration.limits.valuesPerFilter = plan.valuesPerFilter
        configuration.limits.unjudgedPerRelayMax = Self.unjudgedMax
        configuration.misbehavingPause = .seconds(200)
        configuration.informationLifetime = .seconds(400)
        configuration.usesNegentropy = plan.usesNegentropy
        configuration.negentropyRetry = .seconds(2100)
        configuration.limits.leastReconciledSince = plan.leastReconciled
        configuration.limits.leastReconciledAgain = plan.leastReconciled
        configuration.limits.leastReconciledFirst = 2 * plan.leastReconciled
        if plan.auditsOften { configuration.dailyResync = .seconds(300) ... .seconds(400) }
        return configuration
    }

    /// How long after the last fault everything must be in order.
    static let patience = Duration.seconds(1500)
    /// Events that wait for judgement before a relay is no longer read, and what it sends at once at most.
    static let unjudgedMax = 30
    static let burstMax = 40

    /// How far our clock is from the true one.
    var clockError = Duration.zero
    var wall: Timestamp {
        WorldPlan.start.advanced(by: now.nanoseconds / 1_000_000_000 + clockError.components.seconds)
    }
    var isFaulty: Bool { now < plan.faultsEnd }

    /// Lives this world to its end.
    package mutating func run(replaying: Bool = false) {
        keepsLog = replaying
        begin()
        let end = plan.faultsEnd + Self.patience
        while let next = agenda.nextMoment, next <= end, complaints.isEmpty {
            guard let (moment, action) = agenda.next() else { break }
            now = moment
            perform(action)
        }
        if complaints.isEmpty { judgeTheEnd() }
        if replaying { replay() }
    }

    private mutating func begin() {
        tell(.start(restored: rows.values.sorted { $0.key.lexicographicallyPrecedes($1.key) }))
        let announcements = store.matching([Filter(kinds: [.repositoryAnnouncement])])
        followed = store.position
        tell(.followed(stored: announcements, removed: [], through: followed))
        tell(.caughtUp)
    }

    private mutating func perform(_ action: Action) {
        switch action {
        case .inLife(let life, let action): if life == self.life { perform(action) }
        case .tell(let input, let life): if life == self.life { tell(input) }
        case .tick(let life):
            if life == self.life, tickAt.map({ $0 <= now }) ?? false {
                tickAt = nil
                tell(.tick)
            }
        case .publish(let event, let urls): for url in urls { publish(event, on: url) }
        case .request(let link, let id, let filters): request(link, id, filters)
        case .unsubscribe(let link, let id):
            guard relays[link.relay]?.link == link else { return }
            relays[link.relay]?.subscriptions[id] = nil
            relays[link.relay]?.established.remove(id)
        case .reconcile(let link, let session, let filter, let message):
            reconcile(link, session, filter, message)
        case .endSession(let link, let session):
            if relays[link.relay]?.link == link { relays[link.relay]?.sessions[session] = nil }
        case .deliver(let link, let messages): deliver(link, messages)
        case .authenticate(let link, let id): takeAuthentication(link, id)
        case .setClock(let error): clockError += error
        case .judge(let id, let events, let relay, let life): judge(id, events, of: relay, life: life)
        case .write(let rows, let life): if life == self.life { write(rows) }
        case .follow(let life): if life == self.life { follow() }
        case .restart: restart()
        case .goDown(let url):
            relays[url]?.manners.isDown = true
            dropLink(url)
        case .comeBack(let url): relays[url]?.manners.isDown = false
        case .endFaults: endFaults()
        }
    }

    mutating func tell(_ input: SyncInput) {
        inputs += 1
        countInput(input)
        let effects = planner.reduce(input, at: now, wall: wall, using: &chance)
        if keepsLog { log.append(Step(input: input, now: now, wall: wall, effects: effects)) }
        // Each world is looked at now and then, another one at other moments.
        if (inputs + Int(seed)) % (plan.isBig ? 499 : 7) == 0 {
            for broken in planner.brokenInvariants() { complain(broken) }
        }
        keepLedger(input, effects)
        for effect in effects { perform(effect) }
        if let deadline = planner.nextDeadline, tickAt.map({ deadline < $0 }) ?? true {
            tickAt = max(deadline, now + .nanoseconds(1))
            agenda.add(.tick(life: life), at: tickAt!)
        }
    }

    /// Who is waited for comes now and then; a planner that wants to be called without end has lost its way.
    private mutating func countInput(_ input: SyncInput) {
        if inputs > (plan.isBig ? 3_000_000 : 300_000) { complain("the planner never rests") }
        guard case .tick = input else { return }
        let second = now.nanoseconds / 1_000_000_000
        ticks = (second, ticks.second == second ? ticks.count + 1 : 1)
        if ticks.count > 1000 { complain("the planner wants \(ticks.count) ticks in a second") }
    }

    /// The process is killed: what was not committed is gone, links break, the store and the rows stay.
    private mutating func restart() {
        life += 1
        for url in relays.keys {
            relays[url]?.hangUp()
            relays[url]?.refusals = []
        }
        planner = SyncPlanner(configuration: Self.configuration(plan))
        chance = SplitMix64(seed: seed ^ 0x1234 ^ UInt64(life))
        log = []
        ledger = Ledger()
        reconciliations = [:]
        unwanted = UnwantedEvents()
        tickAt = nil
        followIsDue = false
        begin()
    }

    private mutating func endFaults() {
        for url in plan.relays {
            relays[url]?.manners.dialFails = 0
            relays[url]?.manners.closes = 0
            relays[url]?.manners.closesLive = 0
            relays[url]?.manners.isSilent = 0
            relays[url]?.manners.drops = 0
            relays[url]?.manners.limitsRate = 0
            relays[url]?.manners.losesLive = 0
            relays[url]?.manners.floods = 0
            relays[url]?.manners.forges = 0
        }
    }

    /// What the planner was told and what it wanted, in this life.
    package var story: [String] {
        log.flatMap { step in
            ["\(step.now.nanoseconds / 1_000_000) ms <- \(step.input.brief)"]
                + step.effects.map { "        -> \($0.brief)" }
        }
    }

    mutating func complain(_ what: String) {
        complaints.append("seed \(seed), \(now.nanoseconds / 1_000_000) ms, life \(life): \(what)")
    }

    /// The same inputs give the same effects.
    private mutating func replay() {
        var again = SyncPlanner(configuration: Self.configuration(plan))
        var chance = SplitMix64(seed: life == 0 ? seed ^ 0x1234 : seed ^ 0x1234 ^ UInt64(life))
        for step in log {
            let effects = again.reduce(step.input, at: step.now, wall: step.wall, using: &chance)
            guard effects == step.effects else {
                return complain("replaying \(step.input) gave other effects")
            }
        }
        if again.repositories != planner.repositories || again.relays != planner.relays
            || again.pending != planner.pending
        {
            complain("replaying the log gave another state")
        }
    }
}
