// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What we have: each relay, what is complete there, and how it stands.
public struct RelaySyncIndex: Hashable, Sendable {
    public internal(set) var entries: [RelayURL: RelayEntry] = [:]

    public init() {}

    public subscript(relay: RelayURL) -> RelayEntry? { entries[relay] }
}

/// One relay.
public struct RelayEntry: Hashable, Sendable {
    /// Named by the operator: never dropped, asked for every repository.
    public let isBootstrap: Bool
    public internal(set) var status = RelayStatus.disconnected
    public internal(set) var lastConnected: Timestamp?
    public internal(set) var disconnectedAt: Timestamp?
    /// Complete, and followed live over the link that is up.
    var confirmed = ItemSet()
    /// Items that were complete once, and until when (by our clock) the relay's events were received.
    var cursors = ItemMap<Timestamp>()
    /// Items whose own cursor alone counts: while they fail, the relay as a whole moves on without them.
    var behind = ItemSet()
    /// The same for all of them at once, where it is later.
    public internal(set) var coveredUntil: Timestamp?
    /// Items that failed and wait for their next try.
    var setbacks = ItemMap<Setback>()
    public internal(set) var backoff = Backoff()
    public internal(set) var lastFailure: String?
    public internal(set) var limits = UpstreamLimits()
    public internal(set) var information: UpstreamInformation?
    public internal(set) var health = RelayHealth.healthy
    /// When everything was last read to its end, be it for the first time or in an audit.
    public internal(set) var lastAudit: Timestamp?

    /// What its limits leave no room to follow live: it is asked for again and again.
    var inRounds = ItemSet()
    /// When the next round begins.
    var roundAt: Uptime?

    /// Everything wanted here when the plan was last made.
    var wanted = ItemSet()
    /// wanted − pending − confirmed, less what waits after a failure; asked in ascending order.
    var queue = ItemSet()
    /// It refused whatever it was asked for over its link: how long it is asked for nothing.
    var refusal: Setback?
    /// When the first of ``setbacks`` may be tried again.
    var retryAt: Uptime?
    var link: LinkState = .claiming
    /// When it was last dialled.
    var dialledAt = Uptime.zero
    /// How often it was connected in this run.
    var connections = 0
    /// Since when nobody needs it.
    var unneededSince: Uptime?
    var reportedComplete = false
    /// When it was last asked what it says of itself.
    var informationAt: Uptime?
    /// When it said ``information``, by our clock.
    var informedAt: Timestamp?
    /// **Bytes** of one message to it, since one was too long for it; what it says of itself may be less.
    var messageLengthMax: Int?
    /// Whether it takes `limit: 0` for what it says: nothing that is stored. Believed until it shows otherwise.
    var knowsLimitZero = true
    /// Whether it reconciles (NIP-77).
    public internal(set) var negentropy = NegentropySupport.unknown
    /// Filters that are read page by page until then.
    var pagedFilters: [Bytes32: Uptime] = [:]
    var failures = FailureRecord()
    /// How the last dial failed; `nil` once one succeeded.
    var lastDial: DialFailure?
    /// Events that were too long to be read.
    var skipped: SkippedEvents?
    /// How often in a row our own bounds kept it from being dialled.
    var timesBusy = 0
    /// It wants to be left alone until then.
    var quietUntil: Uptime?
    /// Between two `REQ`s, since it wanted us to slow down.
    var requestGap = Duration.zero
    var auditAt: Uptime?
    var audit: Audit?

    enum LinkState: Hashable, Sendable {
        /// Waits for ownership. May become resting.
        case claiming
        /// Ours; waits for its turn or the end of the backoff. May become dialling, or claiming when it is ours no more.
        case resting
        /// May become up or resting.
        case dialling(LinkID)
        /// May become resting.
        case up(LinkID)
    }

    /// Whether everything is being read anew while live subscriptions go on.
    public var isAudited: Bool { audit != nil }

    init(isBootstrap: Bool) { self.isBootstrap = isBootstrap }

    /// The link in use, dialling or up.
    var currentLink: LinkID? {
        switch link {
        case .claiming, .resting: nil
        case .dialling(let id), .up(let id): id
        }
    }

    /// Until when everything about an item was received; `nil` when it never was complete.
    func covered(_ item: ItemNumber) -> Timestamp? {
        guard let cursor = cursors[item] else { return nil }
        if behind.contains(item) { return cursor }
        return coveredUntil.map { max($0, cursor) } ?? cursor
    }

    /// Whether its limits leave no room to follow everything live.
    public var isReadInRounds: Bool { !inRounds.isEmpty }

    /// What an operator is told of that.
    var noRoom: String? {
        guard isReadInRounds else { return nil }
        let all = wanted.lasting.count
        return "limits: no room to follow \(inRounds.count) of \(all) items live, read in rounds"
    }

    /// Complete until now; what an audit reads anew is so all the while, what is read in rounds never.
    var complete: ItemSet {
        (audit.map { confirmed.union($0.covered) } ?? confirmed).subtracting(inRounds)
    }

    /// Items that were complete once and are not now, and that the relay as a whole cannot move on without.
    var laggards: ItemSet { cursors.items.subtracting(complete).subtracting(behind) }

    /// Forgets until when an item was complete.
    mutating func dropCursor(of item: ItemNumber) {
        cursors[item] = nil
        behind.remove(item)
        confirmed.remove(item)
        audit?.covered.remove(item)
    }
}
