// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NostrCore

/// Deletes what a source finds, in small steps of one transaction each, so that clients go on undisturbed and
/// ending the process at any moment harms nothing.
struct DeletionRun {
    let store: EventStore
    let leavesTombstones: Bool
    /// How often a step that could not be done is tried again, each time with fewer events.
    static let triesMax = 12
    /// The pause before that.
    var pause: @Sendable () async -> Void = { try? await Task.sleep(for: .milliseconds(200)) }
    var progress = ProgressLine()

    /// Removes everything, or only counts it when there is no sink.
    mutating func run(
        _ source: inout some DeletionSource, into sink: inout (some RemovalSink & ~Copyable)?
    ) async throws -> DeletionReport {
        var report = DeletionReport(isDryRun: sink == nil)
        let start = try store.statistics.events
        while !Interruption.isAsked, let page = try source.next(in: store) {
            let removed = try await remove(page, sparing: source.sparesLinksFrom, sink: &sink)
            report.add(removed == page.count ? page : try gone(of: page))
            let part = start == 0 ? nil : Double(report.events) / Double(start)
            progress.show(part.map { $0 > 1 ? 1 : $0 }, report.events, "events deleted")
        }
        progress.clear()
        if source.excess > 0, !Interruption.isAsked { report.excess = source.excess }
        if let run = source as? RetentionRun { report.protected = run.protected }
        return report
    }

    /// What of a page is no longer there: the rest was spared.
    private func gone(of page: [RetentionRun.Doomed]) throws(StoreError) -> [RetentionRun.Doomed] {
        let states = try store.known(page.map(\.id), now: Timestamp(0))
        return zip(page, states).filter { $0.1 == .unknown }.map(\.0)
    }

    private func remove(
        _ page: [RetentionRun.Doomed], sparing number: UInt64?,
        sink: inout (some RemovalSink & ~Copyable)?
    ) async throws -> Int {
        guard sink != nil else { return page.count }
        var (removed, rest, step, tries) = (0, page[...], page.count, 0)
        while !rest.isEmpty {
            let order = RemovalOrder(
                ids: rest.prefix(step).map(\.id), leavesTombstones: leavesTombstones,
                sparesLinksFrom: number)
            if let gone = try await sink?.remove(order) {
                removed += gone
                rest = rest.dropFirst(step)
                tries = 0
            } else {
                // The door is full, or the disk is: fewer need less room.
                tries += 1
                guard tries < Self.triesMax else {
                    throw CommandFailure("events cannot be removed: the store takes no writes")
                }
                step = max(1, step / 2)
                await pause()
            }
        }
        return removed
    }
}
