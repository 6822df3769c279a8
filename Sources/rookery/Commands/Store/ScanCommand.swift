// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import EventStore
import NostrCore

/// `rookery scan FILTER…`
struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Print the stored events that match a filter, newest first.",
        discussion: """
            Answers as the relay would, but without its limits and whoever may read what; one JSON object a line. \
            The store is read as it lies there: a running daemon is not disturbed and need not run.

            --explain prints no events but how they are found: the index that was chosen and those that were not, \
            each with how many of its values are read side by side and about how many entries it has of the \
            filter's time; then what it cost in all: index entries read, with ten for every event looked at.
            """)

    @Argument(help: ArgumentHelp("A Nostr filter; repeatable.", valueName: "filter"))
    var filters: [String]

    @Flag(help: "Print how many there are instead.")
    var count = false

    @Flag(help: "Print how they are found instead.")
    var explain = false

    @Flag(help: "With --count or --explain: one JSON object.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() throws {
        let settings = try options.settings()
        let parsed = try FilterArgument.parse(filters, named: "filter")
        let store = try OwnStore.readOnly(settings)
        do throws(StoreError) {
            if explain { return try tell(parsed, store) }
            if count { return try tellCount(parsed, store) }
            var output = ExportOutput()
            let query = ExportQuery(store: store, now: SystemClocks.now())
            try query.walk(parsed) { json, _ in output.append(json) }
            try? output.finish()
        } catch {
            throw CommandFailure("\(settings.directory.path): \(error)")
        }
    }

    private func tellCount(_ filters: [Filter], _ store: EventStore) throws(StoreError) {
        // A limit is about the newest: they have to be walked.
        let hasLimit = filters.contains { $0.limit != nil }
        let count =
            hasLimit ? try Self.walked(filters, store).matches : try Self.counted(filters, store).total
        Console.say(json ? #"{"count":\#(count)}"# : String(count))
    }

    private static func counted(
        _ filters: [Filter], _ store: EventStore
    ) throws(StoreError) -> StoredCount {
        var count = StoredCount(filters: filters, now: SystemClocks.now())
        // A page at a time: the store's old pages are not held longer than that.
        while try count.readPage(of: store, budget: PageBudget(maxWork: 200_000)) == .more {}
        return count
    }

    private func tell(_ filters: [Filter], _ store: EventStore) throws(StoreError) {
        let start = ContinuousClock.now
        var plans: [QueryExplanation] = []
        for filter in filters { plans.append(try store.explain(filter)) }
        let (matches, work) = try Self.walked(filters, store)
        let explanation = ScanExplanation(
            filters: plans, matches: matches, work: work, time: .now - start)
        if json { return Console.print(ControlCoding.line(explanation)) }
        for line in explanation.lines { Console.say(line) }
    }

    private static func walked(
        _ filters: [Filter], _ store: EventStore
    ) throws(StoreError) -> (matches: Int, work: Int) {
        var matches = 0
        var query = StoredQuery(
            filters: filters, maxLimit: .max, defaultLimit: .max, now: SystemClocks.now(), ranks: false)
        while true {
            let end = try query.readPage(of: store, budget: PageBudget(maxEvents: ExportQuery.pageEvents)) {
                _, _ in
                matches += 1
                return true
            }
            if case .finished = end { return (matches, query.work) }
        }
    }
}
