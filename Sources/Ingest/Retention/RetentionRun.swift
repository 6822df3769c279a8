// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import EventStore
public import NostrCore
public import RepositoryRules

/// One look through the store, oldest first, for what a plan would have go: found a page at a time.
public struct RetentionRun: Sendable {
    /// An event that is to go.
    public struct Doomed: Sendable, Hashable {
        public var id: EventID
        public var kind: Kind
        /// What it takes with its index entries, in **bytes** as ``LiveBytes`` counts them.
        public var bytes: Int
        /// `nil`: somebody asked for it.
        public var reason: RetentionPlan.Judgement?

        public init(id: EventID, kind: Kind, bytes: Int, reason: RetentionPlan.Judgement? = nil) {
            self.id = id
            self.kind = kind
            self.bytes = bytes
            self.reason = reason
        }
    }

    /// Events of one page that go at most, and that are looked at.
    public static let (doomedMax, visitedMax) = (200, 2_000)
    /// Events that one step looks at to find what hangs together.
    private static let linkedMax = 5_000

    public let plan: RetentionPlan
    private let now: Timestamp
    /// What hangs together with a repository; may be handed on to the next run.
    public private(set) var linked: LinkedEvents
    private var walk = AgeWalk()
    private var surplus: Surplus
    /// Events that were looked at.
    public private(set) var visited = 0
    /// Events that would go if they could.
    public private(set) var protected = 0

    /// What knows of no event yet.
    public static var nothingLinked: LinkedEvents {
        LinkedEvents(roots: [.repositoryAnnouncement, .repositoryState], ends: Kind.fromAnyone)
    }

    public init(
        _ plan: RetentionPlan, at now: Timestamp, linked: LinkedEvents = RetentionRun.nothingLinked
    ) {
        self.plan = plan
        self.now = now
        self.linked = linked
        surplus = Surplus(over: plan.sizeMax)
    }

    /// Reads on.
    ///
    /// What is found is to be removed, sparing what is linked to events numbered from `linked.ceiling` on, before
    /// the next page is read.
    /// - Returns: what of the page is to go, often nothing; `nil` at the end.
    public mutating func next(in store: EventStore) throws(StoreError) -> [Doomed]? {
        if plan.keepsAll { return nil }
        // Also what was stored since the last page.
        if try linked.readPage(of: store, events: Self.linkedMax) { return [] }
        if try surplus.measure(store) { return [] }
        var page: [Doomed] = []
        var left = surplus.left ?? 0
        var isOver = false
        let more = try walk.readPage(of: store, events: Self.visitedMax) { visit, json in
            if left <= 0, plan.isTooYoung(visit.header.createdAt, at: now) {
                isOver = true
                return false
            }
            visited += 1
            let event = RetentionPlan.Candidate(
                kind: visit.header.kind, author: visit.header.pubkey, createdAt: visit.header.createdAt,
                isKeptAlive: linked.contains(visit.number))
            switch plan.judge(event, at: now, isTooLarge: left > 0) {
            case .kept: break
            case .protected: protected += 1
            case let reason:
                let bytes = visit.bytes(json)
                left -= bytes
                page.append(
                    Doomed(id: visit.header.id, kind: visit.header.kind, bytes: bytes, reason: reason))
            }
            return page.count < Self.doomedMax
        }
        surplus.take(page.reduce(0) { $0 + $1.bytes })
        if page.isEmpty, isOver || !more { return nil }
        return page
    }
}
