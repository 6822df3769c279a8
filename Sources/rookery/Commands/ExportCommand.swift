// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import EventStore
import Glibc
import NostrCore

/// `rookery export`
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write stored events to standard output, one JSON object a line.",
        discussion: """
            A running daemon is not disturbed. What it writes, `rookery import` reads, compressed or not; so does \
            strfry, when it is not compressed.
            """)

    @Option(help: ArgumentHelp("Only what matches this Nostr filter; repeatable.", valueName: "json"))
    var filter: [String] = []

    @Option(help: "oldest or newest first.")
    var order = Order.oldest

    @Flag(help: "Compress with zstd.")
    var compress = false

    @Option(
        help: ArgumentHelp("With --compress: how hard, 1 … 19; 3 unless it is given.", valueName: "number"))
    var level: Int?

    @OptionGroup var options: ConfigOptions

    enum Order: String, CaseIterable, ExpressibleByArgument {
        case oldest, newest
    }

    func validate() throws {
        guard compress || level == nil else { throw ValidationError("--level goes with --compress") }
        guard level.map(ZstdEncoder.levels.contains) ?? true else {
            throw ValidationError("--level takes 1 … 19")
        }
    }

    func run() throws {
        let settings = try options.settings()
        let filters = try FilterArgument.parse(filter)
        let query = ExportQuery(store: try OwnStore.readOnly(settings), now: SystemClocks.now())
        // Lines that run over the screen are progress enough.
        let progress = isatty(STDOUT_FILENO) == 1 ? nil : ProgressLine()
        let expected = filter.isEmpty ? try? query.store.statistics.events : nil
        var output = ExportOutput(
            compress ? ZstdEncoder(level: level ?? 3) : nil, progress: progress, expected: expected)
        do {
            switch order {
            case .newest: try query.walk(filters) { json, _ in output.append(json) }
            case .oldest: try Self.turnAround(filters, query, &output)
            }
        } catch {
            throw CommandFailure("\(settings.directory.path): \(error)")
        }
        try output.finish()
    }

    private static func turnAround(
        _ filters: [Filter], _ query: ExportQuery, _ output: inout ExportOutput
    ) throws(StoreError) {
        // A limit counts from the newest on, so it does not survive being cut into spans; it bounds memory instead.
        guard filters.allSatisfy({ $0.limit == nil }) else {
            return try write(filters, query, &output)
        }
        var windows = ExportWindows()
        try query.walk(filters) { _, header in
            windows.note(header.createdAt)
            return true
        }
        windows.close()
        for span in windows.spans.reversed() where output.isOpen {
            try write(ExportWindows.filters(filters, within: span), query, &output)
        }
    }

    private static func write(
        _ filters: [Filter], _ query: ExportQuery, _ output: inout ExportOutput
    ) throws(StoreError) {
        var events: [[UInt8]] = []
        try query.walk(filters) { json, _ in
            events.append(json.withUnsafeBufferPointer(Array.init))
            return true
        }
        for event in events.reversed() where !output.append(event.span) { return }
    }
}
