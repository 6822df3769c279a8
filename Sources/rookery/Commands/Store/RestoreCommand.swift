// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

/// `rookery restore DIR`
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup where the store is to be.",
        discussion: """
            Every file is compared with the manifest as it is copied, and the copy is opened and checked, before \
            anything gets its name. Refuses while a daemon runs on the data directory, and where a store or another \
            key is, unless --replace: then the old store stays beside the new one under another name, which is told.
            """)

    @Argument(help: ArgumentHelp("What `rookery backup` made.", valueName: "directory"))
    var backup: String

    @Flag(help: "Put it in the place of the store that is there.")
    var replace = false

    @Flag(help: "Only look whether the backup is whole and sound.")
    var dryRun = false

    @Flag(help: "Compare digests and open the copy, but do not follow every entry of it.")
    var quick = false

    @Flag(help: "Tell the outcome as one JSON object: the manifest.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() throws {
        let settings = try options.settings()
        guard FileSync.isDirectory(backup) || !FileSync.exists(backup) else {
            throw CommandFailure(
                "\(backup): is a file, and a backup is a directory; to put a compact copy in place, rename it to "
                    + "\(settings.directory.store)/data.mdb while no daemon runs")
        }
        let manifest = try BackupManifest.read(in: backup)
        if dryRun {
            try Restoration.verify(backup, manifest, settings, checksAll: !quick)
        } else {
            try settings.directory.create()
            let lock: DirectoryLock
            do { lock = try DirectoryLock(settings.directory) } catch let error as DirectoryLock.Held {
                throw CommandFailure("\(error); stop it first")
            }
            let restoration = Restoration(
                backup: backup, manifest: manifest, settings: settings, replaces: replace)
            let old = try withExtendedLifetime(lock) { try restoration.perform(checksAll: !quick) }
            if let old { Console.complain("the store that was there is now \(old)") }
        }
        if json { return Console.print(ControlCoding.line(manifest)) }
        Console.say(
            "\(Numbers.grouped(manifest.events)) events up to commit \(manifest.commit): "
                + (dryRun ? "the backup is sound" : "restored to \(settings.directory.store)"))
    }
}
