// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import Foundation
import NostrCore
import TweetBridge
import TweetCore

/// `rookery bridge import`
struct BridgeImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take in what older systems kept: nostrweet's directory, or the tracker's dumps.",
        discussion: """
            A file, or a directory with X_*.json files, is a dump of the tracker; any other directory is nostrweet's. \
            Needs the store for itself: stop the daemon first. May be broken off and repeated. Exit code 1 when \
            something was damaged; the rest is taken in all the same.
            """)

    @OptionGroup var options: ConfigOptions
    @Flag(help: "Also mirror posts that have no event yet.") var queueUnposted = false
    @Flag(help: "Fetch the media of posts again.") var fetchMedia = false
    @Option(help: ArgumentHelp("A relay that the older system posted to.", valueName: "url")) var relay:
        [String] = []
    @Argument(help: "A directory, or a file.") var place: String

    func run() async throws {
        var wishes = ImportOptions()
        wishes.queuesUnposted = queueUnposted
        wishes.fetchesMedia = fetchMedia
        wishes.relays = try relay.map { text in
            do { return try RelayURL(text) } catch {
                throw ValidationError("not the URL of a relay: \(text.prefix(200))")
            }
        }
        try await BridgeAlone(options).withStore { [wishes] store in
            let importer = BridgeImport(into: store, wishes)
            let report: ExchangeReport
            do {
                report = try await isDump ? importer.collections(place) : importer.directory(place)
            } catch { throw CommandFailure("\(place): \(error)") }
            try BridgeReport(report).tell()
        }
    }

    private var isDump: Bool {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isDirectory), isDirectory.boolValue
        else {
            return true
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return names.contains { $0.hasPrefix("X_") }
    }
}

/// `rookery bridge export`
struct BridgeExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write down what was read, as older systems keep it.",
        discussion: "Needs the store for itself: stop the daemon first. The same again writes what is new.")

    @OptionGroup var options: ConfigOptions
    @Option(help: ArgumentHelp("Write a file for each post, named as nostrweet does.", valueName: "dir"))
    var files: String?
    @Option(help: ArgumentHelp("Write the tracker's collections as JSON lines.", valueName: "dir"))
    var collections: String?

    func run() async throws {
        guard files != nil || collections != nil else {
            throw ValidationError("--files or --collections is needed")
        }
        try await BridgeAlone(options).withStore { store in
            let export = BridgeExport(of: store)
            do {
                if let files { try BridgeReport(export.files(into: files)).tell() }
                if let collections { try BridgeReport(export.collections(into: collections)).tell() }
            } catch let error as ExchangeError { throw CommandFailure("\(error)") }
        }
    }
}

/// What came of an import or export, for the terminal.
struct BridgeReport {
    private let report: ExchangeReport

    init(_ report: ExchangeReport) { self.report = report }

    /// - Throws: exit code 1 when something was damaged.
    func tell() throws {
        for problem in report.problems { Console.complain("\(problem.place): \(problem.reason)") }
        let done = report.done.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map {
            "\($0.value) \($0.key)"
        }
        let parts = [done.isEmpty ? "nothing new" : done.joined(separator: ", "), "\(report.known) known"]
        Console.say(
            (parts + (report.damaged > 0 ? ["\(report.damaged) damaged"] : [])).joined(separator: "; "))
        if report.damaged > 0 { throw ExitCode(1) }
    }
}
