// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Glibc

/// Makes a dense copy of a store that may be written meanwhile: under another name first, and only what was
/// checked gets the right one.
struct StoreCopy {
    let store: EventStore
    let settings: Settings
    /// Whether every entry of the copy is followed, which takes as long as `rookery check`.
    var checksAll = true

    /// What was copied.
    struct Outcome: Codable, Hashable {
        var events: Int
        /// The last commit in it.
        var commit: UInt64
        /// **Bytes** of the store's file, and of the copy.
        var bytesBefore: Int
        var bytes: Int
    }

    /// Writes `directory`/data.mdb, which is a store then; the directory must not be there.
    func write(into directory: String) throws -> Outcome {
        guard mkdir(directory, 0o700) == 0 else {
            throw CommandFailure("\(directory): \(SystemError.last)")
        }
        do { return try fill(directory) } catch {
            Self.discard(directory)
            throw error
        }
    }

    /// Takes a copy away that did not become whole.
    static func discard(_ directory: String) {
        typealias Name = BackupManifest.Name
        for name in [Name.store, Name.key, Name.manifest] + besides { unlink("\(directory)/\(name)") }
        rmdir(directory)
    }

    /// What opening a store leaves beside it.
    private static let besides = ["lock.mdb", "writer.lock"]

    private func fill(_ directory: String) throws -> Outcome {
        try copy(into: directory)
        var outcome = try check(directory)
        outcome.bytesBefore = try named { () throws(StoreError) in try store.sizes().fileBytes }
        for name in Self.besides { unlink("\(directory)/\(name)") }
        try FileSync.directory(directory)
        return outcome
    }

    /// Writes the copy while the progress is told.
    private func copy(into directory: String) throws {
        var progress = ProgressLine()
        let isWhole = try named { () throws(StoreError) in
            try store.copyAfresh(into: directory) { rows, all in
                progress.show(all == 0 ? nil : Double(rows) / Double(all), rows, "rows")
                return !Interruption.isAsked
            }
        }
        progress.clear()
        guard isWhole else { throw Interruption.nothingDone }
    }

    /// Opens the copy as a store and, if that is wanted, follows every entry.
    private func check(_ directory: String) throws -> Outcome {
        try StoreCheck.open(directory, settings, checksAll: checksAll)
    }

    private func named<Value>(_ body: () throws(StoreError) -> Value) throws(CommandFailure) -> Value {
        do { return try body() } catch { throw CommandFailure("\(settings.directory.path): \(error)") }
    }
}

/// Looks whether a directory holds a sound store.
enum StoreCheck {
    /// - Throws: ``CommandFailure`` when it does not.
    static func open(
        _ directory: String, _ settings: Settings, checksAll: Bool
    ) throws(CommandFailure) -> StoreCopy.Outcome {
        var isComplete = true
        do throws(StoreError) {
            var options = settings.storeOptions()
            options.path = directory
            let store = try EventStore.openReadOnly(options)
            if checksAll {
                var progress = ProgressLine()
                let report = try store.check { done, whole in
                    progress.show(
                        whole == 0 ? nil : Double(done) / Double(whole), done, "entries checked")
                    return !Interruption.isAsked
                }
                progress.clear()
                isComplete = report.isComplete
                guard report.isSound else {
                    throw .corrupt(report.faults.first ?? "\(report.faultCount) faults")
                }
            }
            let sizes = try store.sizes()
            if isComplete {
                return StoreCopy.Outcome(
                    events: sizes.events, commit: sizes.feed.latest, bytesBefore: sizes.fileBytes,
                    bytes: sizes.fileBytes)
            }
        } catch {
            throw CommandFailure("\(directory): \(error)")
        }
        throw Interruption.nothingDone
    }
}
