// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import EventStore
import Glibc
import NostrCore

/// `rookery backup DIR`
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Make a checked copy of the store and the relay's key.",
        discussion: """
            The directory, which must not be there, appears only once everything in it is whole, on the disk and \
            checked: data.mdb, a compact copy of the store; relay.key, the relay's identity, so keep the directory \
            to yourself; manifest.json with the format, the number of events, the last commit and the files' \
            digests. A running daemon goes on. `rookery restore` puts it back.
            """)

    @Argument(help: ArgumentHelp("The directory to make.", valueName: "directory"))
    var out: String

    @Flag(help: "Leave the relay's secret key out.")
    var withoutKey = false

    @Flag(help: "Open the copy, but do not follow every entry of it.")
    var quick = false

    @Flag(help: "Tell the outcome as one JSON object: the manifest.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func run() throws {
        let settings = try options.settings()
        let store = try OwnStore.readOnly(settings)
        Interruption.heed()
        let out = FileSync.withoutSlash(out)
        guard !FileSync.exists(out) else { throw CommandFailure("\(out): is there already") }
        let draft = out + ".partial"
        guard !FileSync.exists(draft) else {
            throw CommandFailure("\(draft): is there already; what an earlier attempt left can be deleted")
        }
        let manifest: BackupManifest
        do { manifest = try fill(draft, store, settings) } catch {
            StoreCopy.discard(draft)
            throw error
        }
        try FileSync.rename(draft, to: out)
        if json { return Console.print(ControlCoding.line(manifest)) }
        Console.say(
            "\(out): \(Numbers.grouped(manifest.events)) events up to commit \(manifest.commit), "
                + "\(DaemonStatus.size(manifest[BackupManifest.Name.store]?.bytes ?? 0))"
                + (manifest[BackupManifest.Name.key] == nil ? ", without a key" : ", with the relay's key"))
    }

    /// Makes everything that is in a backup.
    private func fill(_ draft: String, _ store: EventStore, _ settings: Settings) throws -> BackupManifest {
        let outcome = try StoreCopy(store: store, settings: settings, checksAll: !quick).write(into: draft)
        var files = [
            BackupManifest.File(
                name: BackupManifest.Name.store, bytes: outcome.bytes,
                sha256: try FileCopy.digest(of: "\(draft)/\(BackupManifest.Name.store)"))
        ]
        let key = settings.relayKeyFile
        if !withoutKey, FileSync.exists(key) {
            let copy = "\(draft)/\(BackupManifest.Name.key)"
            let digest = try FileCopy.digest(of: key, copyingTo: copy)
            var status = stat()
            stat(copy, &status)
            files.append(
                .init(name: BackupManifest.Name.key, bytes: Int(status.st_size), sha256: digest))
        }
        let manifest = BackupManifest(
            format: EventStore.formatVersion, rookery: Version.text,
            createdAt: SystemClocks.now().seconds, events: outcome.events, commit: outcome.commit,
            files: files)
        try FileSync.write(ControlCoding.line(manifest), to: "\(draft)/\(BackupManifest.Name.manifest)")
        try FileSync.directory(draft)
        return manifest
    }
}
