// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import EventStore
import Ingest
import NostrCore
import RepositoryRules

/// `rookery delete`
struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete stored events: what matches, what is old, what is too much.",
        discussion: """
            Conditions add up: --filter '{"kinds":[7]}' --age 90d deletes reactions older than 90 days. --size deletes \
            the oldest first, until all events and their index entries take no more than that: about what a store \
            takes into which they are imported afresh, "live" in `rookery stats`. The file itself never shrinks: its \
            pages are reused, and `rookery compact` makes a shorter copy. --retention deletes what the configuration's \
            [retention] would, under its protections; all else deletes whatever matches.

            Without --tombstones the events may come again: clients may send them, gathering may fetch them. With \
            it they are refused from then on.

            A running daemon is asked to remove them, some at a time; otherwise the store is opened here. Ending \
            this early leaves the rest as it is. Exit code 0 when everything is gone, 1 when the size was not reached, \
            as nothing more matches.
            """)

    @Option(help: ArgumentHelp("What matches this Nostr filter; repeatable.", valueName: "json"))
    var filter: [String] = []

    @Option(help: ArgumentHelp("What is older: 90d, 12h, 2w, 1y.", valueName: "age"))
    var age: String?

    @Option(help: ArgumentHelp("The oldest, down to this: 10GiB, 500MB.", valueName: "size"))
    var size: String?

    @Flag(help: "What [retention] drops.")
    var retention = false

    @Flag(help: "Keep what is deleted from coming again.")
    var tombstones = false

    @Flag(help: "Only tell what would be deleted.")
    var dryRun = false

    @Flag(help: "Tell the outcome as one JSON object.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        let hasConditions = !filter.isEmpty || age != nil || size != nil
        guard hasConditions != retention else {
            throw ValidationError(
                retention
                    ? "--retention goes alone" : "say what to delete: --filter, --age, --size or --retention")
        }
        if let age, RetentionAge.seconds(age) == nil {
            throw ValidationError("--age takes a number and y, w, d, h, m or s, not \(age)")
        }
        if let size, SizeText.bytes(size) == nil {
            throw ValidationError("--size takes a number and a unit such as GiB, not \(size)")
        }
    }

    func run() async throws {
        let settings = try options.settings()
        Interruption.heed()
        if retention {
            var run = RetentionRun(settings.retention.plan, at: SystemClocks.now())
            return try await delete(&run, settings)
        }
        let filters = try conditions(at: SystemClocks.now())
        if let size, let bytes = SizeText.bytes(size) {
            var surplus = SurplusEvents(filters, downTo: bytes)
            return try await delete(&surplus, settings)
        }
        var matching = MatchingEvents(filters, now: SystemClocks.now())
        try await delete(&matching, settings)
    }

    /// The filters, cut down to what is old enough.
    private func conditions(at now: Timestamp) throws -> [Filter] {
        var filters = try FilterArgument.parse(filter)
        guard let age, let seconds = RetentionAge.seconds(age) else { return filters }
        let until = max(0, now.seconds - seconds)
        for index in filters.indices {
            filters[index].until = Timestamp(min(until, filters[index].until?.seconds ?? .max))
        }
        return filters
    }

    private func delete(_ source: inout some DeletionSource, _ settings: Settings) async throws {
        if dryRun {
            var nobody: DaemonRemovals?
            return try tell(try await run(&source, in: try OwnStore.readOnly(settings), into: &nobody))
        }
        switch try WritingSide.find(settings, makesStore: false) {
        case .daemon(let client):
            var daemon: DaemonRemovals? = DaemonRemovals(client)
            return try tell(try await run(&source, in: try OwnStore.readOnly(settings), into: &daemon))
        case .own(let own):
            var sink: OwnRemovals? = OwnRemovals(ingest: own.ingest)
            let outcome: Result<DeletionReport, any Error>
            do { outcome = .success(try await run(&source, in: own.store, into: &sink)) } catch {
                outcome = .failure(error)
            }
            sink = nil
            let reason = await own.close()
            try tell(try outcome.get())
            if let reason { throw CommandFailure(reason) }
        }
    }

    private func run(
        _ source: inout some DeletionSource, in store: EventStore,
        into sink: inout (some RemovalSink & ~Copyable)?
    ) async throws -> DeletionReport {
        var run = DeletionRun(store: store, leavesTombstones: tombstones)
        do { return try await run.run(&source, into: &sink) } catch let error as StoreError {
            throw CommandFailure(error.description)
        }
    }

    private func tell(_ report: DeletionReport) throws {
        if json {
            Console.print(ControlCoding.line(report))
        } else {
            for line in report.lines { Console.say(line) }
        }
        try Interruption.leave()
        if let excess = report.excess {
            throw CommandFailure(
                "nothing more matches: about \(DaemonStatus.size(excess)) above \(size ?? "")")
        }
    }
}
