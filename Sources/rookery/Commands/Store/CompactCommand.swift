// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import EventStore
import Glibc

/// `rookery compact OUT|-`
struct CompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Write the store afresh, as short as it can be, while it is in use.",
        discussion: """
            Writes one state of the store, every table row by row, so that no page is left half empty as deleting leaves \
            them; a running daemon goes on, and its later writes are not in the copy. OUT, which must not be there, is \
            the store's one file: it appears only once it is whole, on the disk and checked. - writes to standard output \
            instead, unchecked and page by page: without the free pages, but with the half empty ones.

            To put it in the store's place, stop the daemon, rename it to data.mdb in the store's directory and \
            start the daemon.
            """)

    @Argument(help: ArgumentHelp("The copy, or - for standard output.", valueName: "out"))
    var out: String

    @Flag(help: "Open the copy, but do not follow every entry of it.")
    var quick = false

    @Flag(help: "Tell the outcome as one JSON object.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() throws {
        let settings = try options.settings()
        let store = try OwnStore.readOnly(settings)
        if out == "-" {
            guard isatty(STDOUT_FILENO) == 0 else {
                throw CommandFailure("standard output is a terminal; a store is not for reading")
            }
            do { return try store.copy(to: STDOUT_FILENO) } catch { throw CommandFailure("\(error)") }
        }
        Interruption.heed()
        let out = FileSync.withoutSlash(out)
        guard !FileSync.exists(out) else { throw CommandFailure("\(out): is there already") }
        let draft = out + ".partial"
        guard !FileSync.exists(draft) else {
            throw CommandFailure("\(draft): is there already; what an earlier attempt left can be deleted")
        }
        let outcome = try StoreCopy(store: store, settings: settings, checksAll: !quick)
            .write(into: draft)
        try FileSync.rename("\(draft)/data.mdb", to: out)
        rmdir(draft)
        if json { return Console.print(ControlCoding.line(outcome)) }
        Console.say(
            "\(out): \(Numbers.grouped(outcome.events)) events up to commit \(outcome.commit), "
                + "\(DaemonStatus.size(outcome.bytes)) instead of \(DaemonStatus.size(outcome.bytesBefore))")
    }
}
