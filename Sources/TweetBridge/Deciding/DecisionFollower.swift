// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
public import Logging
import NIOConcurrencyHelpers
public import NostrCore
import Telemetry
import TweetCore

/// Takes the decisions that moderators publish as events (kinds 1984 and 1985), each once.
///
/// The commits of the store are followed from a place that is kept; that an event has decided is written with what it decided.
/// Whoever has no key among the moderators is passed over, and where none of them has one nothing is read at all.
public final class DecisionFollower: Sendable {
    private let store: BridgeStore
    private let relay: PublicKey
    private let limits: DecisionLimits
    private let clock: BridgeClock
    private let logger: Logger
    private let decided: @Sendable (Int) -> Void
    private let place: KeptPlace
    private let bell = Doorbell()
    private let listed = NIOLockedValueBox(Listed())

    /// Whose decisions count.
    private struct Listed {
        /// `nil`: to be looked up.
        var keys: Set<PublicKey>?
        /// Grows with every appointment and dismissal.
        var edition = 0
    }

    /// - Parameters:
    ///   - relay: this one's key, by which items are named.
    ///   - decided: told how many items were decided about; it must only count.
    public init(
        _ store: BridgeStore, relay: PublicKey, limits: DecisionLimits = DecisionLimits(),
        clock: BridgeClock = .system, logger: Logger, decided: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.store = store
        self.relay = relay
        self.limits = limits
        self.clock = clock
        self.logger = logger
        self.decided = decided
        place = KeptPlace(store: store, key: StateKey("decisions:cursor"), page: limits.commits)
        store.observe { [bell, listed] news in
            guard news == .moderators else { return }
            listed.withLockedValue { $0 = Listed(edition: $0.edition + 1) }
            bell.ring()
        }
    }

    /// Runs until it is cancelled.
    public func run() async {
        let subscription = store.store.feed.subscribe { [bell, listed] _ in
            if listed.withLockedValue({ $0.keys?.isEmpty != true }) { bell.ring() }
        }
        while !Task.isCancelled {
            do throws(BridgeStoreError) {
                while !Task.isCancelled, try await follow() {}
                await bell.wait(limits.idle, clock)
            } catch {
                logger.error("decisions cannot be followed", metadata: [LogKey.error: "\(error)"])
                await bell.wait(limits.rest, clock)
            }
        }
        subscription.cancel()
    }

    /// Looks through the next commits.
    ///
    /// - Returns: whether there may be more.
    func follow() async throws(BridgeStoreError) -> Bool {
        let keys = try deciders()
        guard !keys.isEmpty else {
            // Who is appointed later decides from then on.
            try await place.forget()
            return false
        }
        let step = try await place.step { event throws(BridgeStoreError) in
            guard ModerationDecision.kinds.contains(event.kind), keys.contains(event.pubkey) else {
                return false
            }
            try await take(event)
            return true
        }
        switch step {
        case .begun: return false
        case .missed:
            try await catchUp()
            return true
        case .read(let mayBeMore): return mayBeMore
        }
    }

    /// Those that are no longer in the log are still in the store.
    private func catchUp() async throws(BridgeStoreError) {
        logger.notice("looking through the store for decisions that were missed")
        for moderator in try store.moderators() where moderator.role >= .moderator {
            guard let key = moderator.publicKey else { continue }
            let filter = Filter(
                authors: [key], kinds: Array(ModerationDecision.kinds),
                since: Timestamp(moderator.addedAt / 1_000))
            let events = try readingStore { () throws(StoreError) in
                try store.store.events(
                    matching: [filter], limit: limits.missed, now: Timestamp(clock.now() / 1_000))
            }
            for event in events.reversed() { try await take(event) }
        }
    }

    private func take(_ event: Event) async throws(BridgeStoreError) {
        let items = try await store.decide(by: event, at: relay)
        if items.isEmpty { return }
        decided(items.count)
        logger.info(
            "decided over Nostr",
            metadata: [
                LogKey.event: "\(event.id)", LogKey.publicKey: "\(event.pubkey)",
                LogKey.count: .number(items.count),
            ])
    }

    /// Looked up where somebody was appointed or dismissed; the one door lets their decisions in, whatever else it takes.
    private func deciders() throws(BridgeStoreError) -> Set<PublicKey> {
        let before = listed.withLockedValue { $0 }
        if let keys = before.keys { return keys }
        let found = Set(try store.moderators().filter { $0.role >= .moderator }.compactMap(\.publicKey))
        // Not where somebody was appointed meanwhile.
        listed.withLockedValue { if $0.edition == before.edition { $0.keys = found } }
        store.ingest.adopt(WelcomedEvents(kinds: ModerationDecision.kinds, authors: found))
        return found
    }
}

/// Every bound of decisions over Nostr.
public struct DecisionLimits: Hashable, Sendable {
    /// Commits that are looked through at once.
    public var commits = 200
    /// Events of one moderator that are looked through where commits were missed.
    public var missed = 1_000
    /// **Milliseconds** between two looks where nothing rings.
    public var idle: Int64 = 60_000
    /// **Milliseconds** after the store could not be read or written.
    public var rest: Int64 = 5_000

    public init() {}
}
