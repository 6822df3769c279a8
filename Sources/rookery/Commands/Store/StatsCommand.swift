// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import EventStore

/// `rookery stats`
struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Say what the store holds and what takes how much room.",
        discussion: """
            Events by kind and by author, the file, its free pages, every table and index, the commit feed, and how \
            far tables that follow from others are filled. Reads all events once; a running daemon is not disturbed.
            """)

    @Option(help: ArgumentHelp("Name so many authors.", valueName: "count"))
    var authors = 10

    @Option(help: ArgumentHelp("Name so many kinds; the others are added up.", valueName: "count"))
    var kinds = 20

    @Flag(help: "Only what is known without reading all events.")
    var quick = false

    @Flag(help: "One JSON object instead of lines.")
    var json = false

    @OptionGroup var options: ConfigOptions

    /// Rows between two moments in which the store's old pages are let go.
    private static let pageRows = 20_000
    /// Authors that are named at most.
    private static let authorsMax = 10_000

    func validate() throws {
        guard (0...Self.authorsMax).contains(authors), kinds >= 0 else {
            throw ValidationError("--authors takes 0 … \(Self.authorsMax), --kinds a number from 0 on")
        }
    }

    func run() throws {
        let settings = try options.settings()
        let store = try OwnStore.readOnly(settings)
        do throws(StoreError) {
            let sizes = try store.sizes()
            let census = quick ? nil : try Self.count(store, authors: authors)
            let report = StatsReport(sizes, census, kindsShown: kinds)
            if json { return Console.print(ControlCoding.line(report)) }
            for line in report.lines { Console.say(line) }
        } catch {
            throw CommandFailure("\(settings.directory.path): \(error)")
        }
    }

    private static func count(_ store: EventStore, authors: Int) throws(StoreError) -> StoreCensus {
        var census = StoreCensus(authors: authors)
        var progress = ProgressLine()
        let rows = try store.statistics.events * 2
        while try census.readPage(of: store, rows: pageRows) {
            progress.show(rows == 0 ? nil : Double(census.rows) / Double(rows), census.rows, "rows")
        }
        progress.clear()
        return census
    }
}
