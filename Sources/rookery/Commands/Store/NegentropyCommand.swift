// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import EventStore
import Ingest
import NostrCore

/// `rookery negentropy`
struct NegentropyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "negentropy", abstract: "Look after the sums by which sets are reconciled (NIP-77).",
        discussion: """
            Which sets those are, store.negentropy_trees and store.negentropy_by_address say. They are kept by every write \
            and made anew by themselves when these settings change.
            """, subcommands: [List.self, Build.self])

    /// `rookery negentropy list`
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Tell each kept set and how many events it has.")

        @Flag(help: "One JSON object instead of lines.")
        var json = false

        @OptionGroup var options: ConfigOptions

        func run() throws {
            let settings = try options.settings()
            let store = try OwnStore.readOnly(settings)
            let report: NegentropyReport
            do throws(StoreError) { report = try NegentropyReport(of: store) } catch {
                throw CommandFailure("\(settings.directory.path): \(error)")
            }
            if json { return Console.print(ControlCoding.line(report)) }
            for line in report.lines { Console.say(line) }
        }
    }

    /// `rookery negentropy build`
    struct Build: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "build", abstract: "Make the sums anew, and wait until they are whole.",
            discussion: """
                In small steps, through a running daemon where there is one; until then sets are read event by event. \
                Ending this early ends only the waiting.
                """)

        @Flag(help: "Tell the outcome as one JSON object, as `list` does.")
        var json = false

        @OptionGroup var options: ConfigOptions

        func run() async throws {
            let settings = try options.settings()
            switch try WritingSide.find(settings, makesStore: false) {
            case .daemon(var client):
                _ = try client.ask(ControlRequest(command: .makeTrees))
                try await wait(for: try OwnStore.readOnly(settings), settings)
            case .own(let own):
                let store = own.store
                var ended = Result<Void, any Error>.success(())
                if await own.ingest.makeTreesAnew() {
                    ended = await Result.catching { try await wait(for: store, settings) }
                } else {
                    ended = .failure(CommandFailure("the store cannot be written to now"))
                }
                if let reason = await own.close() {
                    ended = ended.flatMap { .failure(CommandFailure(reason)) }
                }
                try ended.get()
            }
        }

        private func wait(for store: EventStore, _ settings: Settings) async throws {
            var progress = ProgressLine()
            let start = ContinuousClock.now
            do {
                while true {
                    let done = try store.treeProgress()
                    if done == 1 { break }
                    let events = try store.statistics.events
                    progress.show(done, Int(done * Double(events)), "events")
                    try await Task.sleep(for: .milliseconds(100))
                }
                progress.clear()
                let report = try NegentropyReport(of: store)
                if json { return Console.print(ControlCoding.line(report)) }
                for line in report.lines { Console.say(line) }
                Console.say("whole after \(Numbers.seconds(.now - start))")
            } catch let error as StoreError {
                throw CommandFailure("\(settings.directory.path): \(error)")
            }
        }
    }
}

/// How the kept sets stand.
struct NegentropyReport: Encodable {
    /// How much is made, 0 … 1.
    let made: Double
    let sets: [KeptSet]
    /// What belongs to repositories, by the letter of the tag that names them.
    let byAddress: [KeptGroups]

    struct KeptSet: Encodable {
        let filter: String
        let events: Int
        let leftOut: Int
    }

    struct KeptGroups: Encodable {
        let letter: String
        /// Events that name the same repositories are one.
        let groups: Int
        let events: Int
        let leftOut: Int
    }

    init(of store: EventStore) throws(StoreError) {
        made = try store.treeProgress()
        sets = try (store.treeReports() ?? []).map { report in
            KeptSet(filter: report.tree.filter.canonicalJSON, events: report.items, leftOut: report.leftOut)
        }
        byAddress = try (store.groupReports() ?? []).map { report in
            KeptGroups(
                letter: report.letter.text, groups: report.groups, events: report.items,
                leftOut: report.leftOut)
        }
    }

    var lines: [String] {
        if made < 1 { return ["being made: \(Int(made * 100)) %"] }
        if sets.isEmpty, byAddress.isEmpty { return ["none is kept: see store.negentropy_trees"] }
        let ofSets = sets.map { "\($0.filter)  \(Numbers.grouped($0.events)) events\(Self.told($0.leftOut))" }
        let ofAddresses = byAddress.map { groups in
            let asked = groups.letter == "d" ? "states by #d" : "#\(groups.letter) of repositories"
            let (events, number) = (Numbers.grouped(groups.events), Numbers.grouped(groups.groups))
            return "\(asked)  \(events) events in \(number) groups\(Self.told(groups.leftOut))"
        }
        return ofSets + ofAddresses
    }

    private static func told(_ leftOut: Int) -> String {
        leftOut > 0 ? ", \(Numbers.grouped(leftOut)) private ones left out" : ""
    }
}
