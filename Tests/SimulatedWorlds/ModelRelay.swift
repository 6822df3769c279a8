// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner
import TestSupport

/// An upstream relay: what it holds, how it answers, how it misbehaves.
struct ModelRelay {
    let url: RelayURL
    var manners = Manners()
    /// What it says of itself (NIP-11).
    var information = UpstreamInformation()
    private(set) var shelf = EventShelf()
    private var current: [EventAddress: EventID] = [:]
    /// When each event reached it, by true time.
    private(set) var arrivedAt: [EventID: Uptime] = [:]
    /// What it holds that nobody was seen to judge.
    var unjudged: [EventID: Event] = [:]

    // The conversation, if there is one.
    var link: LinkID?
    var subscriptions: [SubscriptionID: [Filter]] = [:]
    /// Live subscriptions that were answered.
    var established: Set<SubscriptionID> = []
    /// Whether some live subscription went wrong on this link, so that histories may go without.
    var liveWentWrong = false
    var isPaused = false
    var knowsUs = false
    /// Until when it was heard to want to be left alone.
    var quietUntil = Uptime.zero
    var heldBack: [[RelayMessage]] = []
    var lastArrival = Uptime.zero
    /// When it was dialled in vain, since it last was there.
    var failedDials: [Uptime] = []
    /// When it refused, of late, because it believes nobody.
    var refusals: [Uptime] = []

    /// Sessions of negentropy.
    var sessions: [SubscriptionID: Filter] = [:]
    /// What it lists and does not serve.
    var phantoms: [Event] = []

    /// What it makes of negentropy (NIP-77).
    enum Negentropy: Hashable {
        case works
        /// In messages of 4,096 bytes.
        case small
        /// Says nothing.
        case silent
        case notice, disabled, closed
        /// Too much for it.
        case blocked(Int)
        case garbage, endsSessions, endless
        case listsMore
    }

    enum LimitZero: CaseIterable { case nothing, everything, refused }

    struct Manners {
        /// Events it returns at most, whatever is asked.
        var cap = 5000
        /// The same for a filter with a tag condition.
        var tagCap = 5000
        /// Whether the cap is for the whole REQ rather than for each filter…
        var capsTotal = false
        /// …and whoever comes first is served first, filter by filter.
        var servesInTurn = false
        var isDown = false
        var dialFails = 0.0
        var closes = 0.0
        var closesLive = 0.0
        var isSilent = 0.0
        var drops = 0.0
        /// Answers nothing that has a tag condition, ever.
        var refusesTags = false
        var latency: ClosedRange<Int64> = 5...200
        /// How often it says that it is asked too much.
        var limitsRate = 0.0
        /// Answers nobody whom it does not know (NIP-42)…
        var wantsAuth = false
        /// …and nobody at all.
        var refusesAuth = false
        /// What it makes of `limit: 0`.
        var limitZero = LimitZero.nothing
        /// How often a live event is not sent.
        var losesLive = 0.0
        /// How often a forged copy of an event comes before the event itself.
        var forges = 0.0
        var negentropy = Negentropy.works
        /// How often it sends what nobody asked for, very much of it.
        var floods = 0.0
    }

    init(url: RelayURL) { self.url = url }

    /// - Returns: whether it is news.
    mutating func publish(_ event: Event, at now: Uptime) -> Bool {
        guard shelf[event.id] == nil else { return false }
        if let address = event.address {
            if let id = current[address], let old = shelf[id] {
                guard Event.newestFirst(event, old) else { return false }
                shelf.remove(id)
                unjudged[id] = nil
                if phantoms.count < 50 { phantoms.append(old) }
            }
            current[address] = event.id
        }
        shelf.insert(event)
        unjudged[event.id] = event
        arrivedAt[event.id] = now
        return true
    }

    /// The stored half of a REQ.
    func answer(_ filters: [Filter]) -> [Event] {
        var chosen: Set<EventID> = []
        var inTurn: [Event] = []
        for filter in filters {
            let most = min(limit(of: filter), manners.cap, filter.tags.isEmpty ? .max : manners.tagCap)
            for event in shelf.matching(filter).prefix(most) where chosen.insert(event.id).inserted {
                inTurn.append(event)
            }
        }
        let answer = manners.servesInTurn ? inTurn : inTurn.sorted(by: Event.newestFirst)
        return manners.capsTotal ? Array(answer.prefix(manners.cap)) : answer
    }

    private func limit(of filter: Filter) -> Int {
        if filter.limit == 0, manners.limitZero == .everything { return 500 }
        return filter.limit ?? 500
    }

    mutating func hangUp() {
        link = nil
        subscriptions = [:]
        sessions = [:]
        established = []
        liveWentWrong = false
        isPaused = false
        knowsUs = false
        quietUntil = .zero
        heldBack = []
    }
}
