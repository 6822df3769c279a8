// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore

/// What lies beside a backup's files and says what they hold: `manifest.json`.
struct BackupManifest: Codable, Hashable {
    /// One file of a backup.
    struct File: Codable, Hashable {
        var name: String
        /// **Bytes**.
        var bytes: Int
        /// SHA-256, in hex digits.
        var sha256: String
    }

    /// The version of this manifest.
    var backup = 1
    /// The version of the store's layout.
    var format: Int
    /// The program that made it.
    var rookery: String
    /// Seconds since 1970.
    var createdAt: Int64
    var events: Int
    /// The last commit in it.
    var commit: UInt64
    var files: [File]

    /// What each is called.
    enum Name {
        static let manifest = "manifest.json"
        static let store = "data.mdb"
        static let key = "relay.key"
    }

    /// **Bytes** of a manifest at most.
    static let bytesMax = 65_536

    subscript(_ name: String) -> File? { files.first { $0.name == name } }

    /// Reads that of a backup, and refuses what this version cannot restore.
    static func read(in directory: String) throws(CommandFailure) -> BackupManifest {
        let path = "\(directory)/\(Name.manifest)"
        let bytes: [UInt8]
        do { bytes = try SmallFile.bytes(at: path, max: bytesMax) } catch {
            throw CommandFailure("\(path): \(error)")
        }
        guard let manifest = ControlCoding.read(BackupManifest.self, bytes) else {
            throw CommandFailure("\(path): is not the manifest of a backup")
        }
        guard manifest.backup == 1, manifest.format == EventStore.formatVersion else {
            throw CommandFailure(
                "\(path): backup \(manifest.backup) of store format \(manifest.format); this version reads "
                    + "backup 1 of format \(EventStore.formatVersion)")
        }
        guard manifest[Name.store] != nil else { throw CommandFailure("\(path): names no store") }
        return manifest
    }
}
