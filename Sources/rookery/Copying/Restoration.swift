// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NostrCore

/// Puts a backup in place: copied, compared and checked under another name first.
struct Restoration {
    let backup: String
    let manifest: BackupManifest
    let settings: Settings
    /// Whether it may take the place of a store and a key that are there.
    let replaces: Bool

    private typealias Name = BackupManifest.Name

    /// The caller holds the directory's lock.
    ///
    /// - Returns: what the store that was there is called now.
    func perform(checksAll: Bool) throws(CommandFailure) -> String? {
        let place = settings.directory.store
        let key = settings.relayKeyFile
        let hasStore = FileSync.exists(place)
        guard replaces || !hasStore else {
            throw CommandFailure("\(place): a store is there already; --replace puts it aside")
        }
        let bringsKey = try isKeyNew(key)
        let draft = settings.directory.path + "/store.restoring"
        Self.clear(draft)
        guard mkdir(draft, 0o755) == 0 else { throw CommandFailure("\(draft): \(SystemError.last)") }
        do throws(CommandFailure) {
            try Self.copy(Name.store, of: backup, manifest, to: "\(draft)/data.mdb")
            try Self.check(draft, manifest, settings, checksAll: checksAll)
            unlink("\(draft)/lock.mdb")
            try FileSync.directory(draft)
        } catch {
            Self.clear(draft)
            throw error
        }
        if bringsKey {
            let keyDraft = key + ".restoring"
            unlink(keyDraft)
            try Self.copy(Name.key, of: backup, manifest, to: keyDraft)
            try FileSync.rename(keyDraft, to: key)
        }
        guard hasStore else {
            try FileSync.rename(draft, to: place)
            return nil
        }
        // At no moment is there no store: whoever starts then would make an empty one. Readers of the old file keep
        // its lock file; it knows nothing of the new one's transactions.
        let file = "\(place)/data.mdb"
        let aside = "\(file).before-\(SystemClocks.now().seconds)"
        let hasFile = FileSync.exists(file)
        if hasFile { try FileSync.link(file, as: aside) }
        unlink("\(place)/lock.mdb")
        try FileSync.rename("\(draft)/data.mdb", to: file)
        rmdir(draft)
        return hasFile ? aside : nil
    }

    /// Whether the backup has a key that is to be put in place.
    private func isKeyNew(_ path: String) throws(CommandFailure) -> Bool {
        guard let file = manifest[Name.key] else { return false }
        guard FileSync.exists(path) else { return true }
        if try FileCopy.digest(of: path) == file.sha256 { return false }
        guard replaces else {
            throw CommandFailure("\(path): another key is there already; --replace overwrites it")
        }
        return true
    }

    /// Looks whether a backup is whole and sound, and changes nothing.
    static func verify(
        _ backup: String, _ manifest: BackupManifest, _ settings: Settings, checksAll: Bool
    ) throws(CommandFailure) {
        for file in manifest.files {
            let path = "\(backup)/\(file.name)"
            guard try FileCopy.digest(of: path) == file.sha256 else {
                throw CommandFailure("\(path): differs from what the manifest says")
            }
        }
        let hadLock = FileSync.exists("\(backup)/lock.mdb")
        defer { if !hadLock { unlink("\(backup)/lock.mdb") } }
        try check(backup, manifest, settings, checksAll: checksAll)
    }

    private static func check(
        _ directory: String, _ manifest: BackupManifest, _ settings: Settings, checksAll: Bool
    ) throws(CommandFailure) {
        let found = try StoreCheck.open(directory, settings, checksAll: checksAll)
        guard found.events == manifest.events, found.commit == manifest.commit else {
            throw CommandFailure(
                "\(directory): holds \(found.events) events up to commit \(found.commit), the manifest says "
                    + "\(manifest.events) up to \(manifest.commit)")
        }
    }

    private static func copy(
        _ name: String, of backup: String, _ manifest: BackupManifest, to path: String
    ) throws(CommandFailure) {
        guard let file = manifest[name] else { throw CommandFailure("\(backup): has no \(name)") }
        let source = "\(backup)/\(name)"
        guard try FileCopy.digest(of: source, copyingTo: path) == file.sha256 else {
            unlink(path)
            throw CommandFailure("\(source): differs from what the manifest says")
        }
    }

    /// Takes away what an earlier attempt left.
    private static func clear(_ draft: String) {
        for name in ["data.mdb", "lock.mdb"] { unlink("\(draft)/\(name)") }
        rmdir(draft)
    }
}
