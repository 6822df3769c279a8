// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

// What the shell would do.
extension World {
    mutating func perform(_ effect: SyncEffect) {
        switch effect {
        case .claim(let relay):
            later(3...5, .tell(.ownership(relay, isOurs: true), life: life))
        case .release, .report, .stopped: break
        case .dial(let link, let namer): dial(link, namer)
        case .fetchInformation(let link):
            if !happens(isFaulty ? plan.informationFails : 0) {
                let information = relays[link.relay]?.information
                arrive(.tell(.information(link, information), life: life), over: link)
            }
        case .authenticate(let link, let challenge): authenticate(link, challenge)
        case .rescan: rescan()
        case .hangUp(let link): if relays[link.relay]?.link == link { relays[link.relay]?.hangUp() }
        case .open(let link, let id, let filters):
            checkRequest(link, id, filters)
            arrive(.request(link, id, filters), over: link)
        case .close(let link, let id): arrive(.unsubscribe(link, id), over: link)
        case .gather(let id, let filter, let skipsUnwanted):
            gather(id, filter, skipsUnwanted: skipsUnwanted)
        case .reconcile(let id, let session, let filter, let frameBytes):
            beginReconciling(id, session, filter, frameBytes: frameBytes)
        case .takeReconciliation(let id, let session, let message): takeReconciliation(id, session, message)
        case .endReconciliation(let id, let session): endReconciliation(id, session)
        case .pauseReading(let link):
            if relays[link.relay]?.link == link { relays[link.relay]?.isPaused = true }
        case .resumeReading(let link): resume(link)
        case .submit(let id, let link, let events):
            later(plan.verdictDelay, .judge(id, events.map(\.event), of: link.relay, life: life))
        case .write(let rows): later(1...50, .write(rows, life: life))
        case .askStore(let id, let question):
            let found = store.matching(question.filters)
            later(1...100, .tell(.found(id, found, isLast: true), life: life))
        case .findAbsent(let id, let references):
            let absent = references.filter { !store.contains($0) }
            later(1...100, .tell(.absent(id, absent), life: life))
        }
    }

    mutating func later(_ milliseconds: ClosedRange<Int64>, _ action: Action) {
        agenda.add(action, at: now + .milliseconds(Int64.random(in: milliseconds, using: &rng)))
    }

    mutating func happens(_ probability: Double) -> Bool {
        probability > 0 && Double.random(in: 0..<1, using: &rng) < probability
    }

    private mutating func dial(_ link: LinkID, _ namer: Namer) {
        guard let relay = relays[link.relay] else { return complain("\(link.relay) does not exist") }
        if relay.link != nil { complain("two links to \(link.relay)") }
        if (namer == .operator) != plan.relays.prefix(plan.bootstrap).contains(link.relay) {
            complain("\(link.relay) is said to be named by \(namer)")
        }
        if relay.manners.isDown || happens(relay.manners.dialFails) {
            let why: DialFailure = happens(0.3) ? .dns : .tcp
            noteFailedDial(link.relay)
            later(10...5000, .tell(.dialFailed(link, why), life: life))
            return
        }
        relays[link.relay]?.link = link
        relays[link.relay]?.lastArrival = now
        relays[link.relay]?.failedDials = []
        arrive(.tell(.linkUp(link), life: life), over: link)
        if relay.manners.wantsAuth { arrive(.deliver(link, [.authChallenge("sign this")]), over: link) }
    }

    private mutating func authenticate(_ link: LinkID, _ challenge: String) {
        if challenge != "sign this" { complain("\(challenge) was never asked") }
        let id = EventID(Bytes32(words: (rng.next(), 2, 2, 2)))
        later(1...2, .tell(.authenticating(link, id), life: life))
        arrive(.authenticate(link, id), over: link)
    }

    /// Something travels over a link, and overtakes nothing.
    mutating func arrive(_ action: Action, over link: LinkID) {
        guard let relay = relays[link.relay], relay.link == link else { return }
        let travel = Int64.random(in: relay.manners.latency, using: &rng)
        let arrival = max(relay.lastArrival, now + .milliseconds(travel))
        relays[link.relay]?.lastArrival = arrival
        agenda.add(.inLife(life, action), at: arrival)
    }

    mutating func judge(_ id: SubmissionID, _ events: [Event], of relay: RelayURL, life: Int) {
        if happens(isFaulty ? plan.storeFails : 0) || plan.storeOutage?.contains(now) == true {
            if life == self.life { tell(.judged(id, events.map { _ in .failed })) }
            return
        }
        let judgements = store.submit(events)
        for (event, judgement) in zip(events, judgements) {
            switch judgement {
            case .known where store.shelf[event.id] == nil, .held, .refused:
                unwanted.insert(event, of: relay, at: wall)
            default: break
            }
        }
        guard life == self.life else { return }
        scheduleFollower()
        tell(.judged(id, judgements))
    }

    private mutating func scheduleFollower() {
        guard !followIsDue, followed < store.position else { return }
        followIsDue = true
        later(plan.followerDelay, .follow(life: life))
    }

    mutating func follow() {
        followIsDue = false
        if happens(plan.losesFeed) { return rescan() }
        let commit = store.commits[Int(followed.number)]
        for event in commit.stored where event.kind == .repositoryAnnouncement {
            unwanted.announced(event.identifier)
        }
        followed = CommitPosition(followed.number + 1)
        tell(.followed(stored: commit.stored, removed: commit.removed, through: followed))
        scheduleFollower()
    }

    /// The feed was lost: announcements are read anew.
    mutating func rescan() {
        followed = store.position
        for event in store.matching([Filter(kinds: [.repositoryAnnouncement])]) {
            unwanted.announced(event.identifier)
        }
        tell(.rescanStarted)
        tell(
            .followed(
                stored: store.matching([Filter(kinds: [.repositoryAnnouncement])]), removed: [],
                through: followed))
        tell(.caughtUp)
    }

    mutating func write(_ written: [SyncRow]) {
        for row in written {
            let key = [row.table == .relay ? 0 : 1] + row.key
            rows[key] = row.value == nil ? nil : row
        }
        checkRows(written)
    }
}
