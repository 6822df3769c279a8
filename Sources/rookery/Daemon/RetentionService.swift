// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import Logging
import NIOConcurrencyHelpers
import NostrCore
import RepositoryRules
import ServiceLifecycle
import Telemetry

/// Drops what `[retention]` says, now and then, in small steps between which everybody else has their turn.
struct RetentionService: Service {
    /// What it does to the store and how time passes; tests bring their own.
    struct World: Sendable {
        var store: EventStore
        var remove: @Sendable (RemovalOrder) async -> Int?
        var now: @Sendable () -> Timestamp
        var uptime: @Sendable () -> Uptime
        /// Cancelled, it ends at once.
        var sleep: @Sendable (Duration) async -> Void
    }

    /// A step is followed by a pause of so many times its length: removing takes at most a fifth of the writer.
    static let pauseFactor = 4
    /// The pause is no shorter and no longer.
    static let pauses = (shortest: Duration.milliseconds(5), longest: Duration.seconds(5))
    /// Steps in a row that may fail before a look is broken off.
    static let failuresMax = 5
    /// What hangs together is found anew after this many seconds: what was removed since counts no longer.
    static let linkedSeconds: Int64 = 86_400

    let world: World
    let meters: RetentionMeters
    let logger: Logger
    private let settings: NIOLockedValueBox<RetentionSettings>

    init(
        _ settings: RetentionSettings, world: World, meters: RetentionMeters, logger: Logger
    ) {
        self.settings = NIOLockedValueBox(settings)
        self.world = world
        self.meters = meters
        self.logger = logger
        for reason in ["age", "size"] { _ = meters.removed[reason] }
    }

    /// Goes by other rules from the next look on.
    func adopt(_ new: RetentionSettings) { settings.withLockedValue { $0 = new } }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var linked = RetentionRun.nothingLinked
            var foundAt = world.now()
            while !Task.isCancelled {
                let current = settings.withLockedValue { $0 }
                if !current.plan.keepsAll {
                    let now = world.now()
                    if abs(now.seconds - foundAt.seconds) >= Self.linkedSeconds {
                        (linked, foundAt) = (RetentionRun.nothingLinked, now)
                    }
                    await look(current.plan, at: now, &linked)
                }
                await rest(current.interval, after: current)
            }
        }
    }

    /// Waits for the next look; other settings end the wait.
    private func rest(_ interval: Duration, after current: RetentionSettings) async {
        let end = world.uptime() + interval
        while !Task.isCancelled, settings.withLockedValue({ $0 }) == current {
            let left = end - world.uptime()
            if left <= .zero { return }
            await world.sleep(min(left, .seconds(1)))
        }
    }

    /// One look through the store.
    private func look(_ plan: RetentionPlan, at now: Timestamp, _ linked: inout LinkedEvents) async {
        var run = RetentionRun(plan, at: now, linked: linked)
        defer { linked = run.linked }
        var removed = 0
        do throws(StoreError) {
            while isWanted(plan), let page = try run.next(in: world.store) {
                if page.isEmpty { await Task.yield() } else { try await remove(page, run, &removed) }
            }
        } catch {
            meters.failures.increment()
            logger.warning(
                "retention was broken off",
                metadata: [LogKey.error: "\(error)", LogKey.eventCount: .number(removed)])
            return
        }
        guard isWanted(plan) else {
            logger.notice("retention was ended early", metadata: [LogKey.eventCount: .number(removed)])
            return
        }
        meters.runs.increment()
        meters.lastRun.set(Double(world.now().seconds))
        meters.protected.set(run.protected)
        if removed > 0 {
            logger.info("retention dropped events", metadata: [LogKey.eventCount: .number(removed)])
        }
    }

    /// Whether a look by these rules is to go on: other ones end it.
    private func isWanted(_ plan: RetentionPlan) -> Bool {
        !Task.isCancelled && settings.withLockedValue { $0.plan } == plan
    }

    /// Removes what a page names, and adds to `removed` how many went: in one step, unless the store has no room
    /// for that.
    private func remove(
        _ page: [RetentionRun.Doomed], _ run: RetentionRun, _ removed: inout Int
    ) async throws(StoreError) {
        var (rest, step, failures) = (page[...], page.count, 0)
        while !rest.isEmpty, isWanted(run.plan) {
            if let count = await removeStep(rest.prefix(step), run) {
                removed += count
                rest = rest.dropFirst(step)
                failures = 0
                continue
            }
            failures += 1
            guard failures < Self.failuresMax else {
                throw .full(operation: "drop events", reason: "the store takes no writes")
            }
            step = max(1, step / 4)
        }
    }

    /// One step, and the pause after it.
    private func removeStep(_ page: ArraySlice<RetentionRun.Doomed>, _ run: RetentionRun) async -> Int? {
        let start = world.uptime()
        let order = RemovalOrder(ids: page.map(\.id), sparesLinksFrom: run.linked.ceiling)
        let count = await world.remove(order)
        if let count {
            let reasons = Dictionary(grouping: page, by: \.reason)
            // What was spared or gone already is counted nowhere.
            var left = count
            for (reason, events) in reasons {
                guard let reason else { continue }
                meters.removed[reason.rawValue].increment(by: min(left, events.count))
                left -= min(left, events.count)
            }
        }
        let pause = (world.uptime() - start) * Self.pauseFactor
        await world.sleep(min(max(pause, Self.pauses.shortest), Self.pauses.longest))
        return count
    }
}
