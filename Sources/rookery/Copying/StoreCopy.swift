// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Glibc

/// Makes a compact copy of a store that may be written meanwhile: under another name first, and only what was
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
    func write(into directory: String) async throws -> Outcome {
        guard mkdir(directory, 0o700) == 0 else {
            throw CommandFailure("\(directory): \(SystemError.last)")
        }
        do { return try await fill(directory) } catch {
            for name in ["data.mdb", "lock.mdb", "writer.lock"] { unlink("\(directory)/\(name)") }
            rmdir(directory)
            throw error
        }
    }

    private func fill(_ directory: String) async throws -> Outcome {
        let file = "\(directory)/data.mdb"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandFailure("\(file): \(SystemError.last)") }
        do {
            defer { close(descriptor) }
            try await copy(to: descriptor)
            guard fsync(descriptor) == 0 else { throw CommandFailure("\(file): \(SystemError.last)") }
        }
        var outcome = try check(directory)
        outcome.bytesBefore = try named { () throws(StoreError) in try store.sizes().fileBytes }
        unlink("\(directory)/lock.mdb")
        try FileSync.directory(directory)
        return outcome
    }

    /// Writes the copy while the progress is told.
    private func copy(to descriptor: Int32) async throws {
        let whole = try named { () throws(StoreError) in try store.inUseBytes() }
        async let copying: Void = store.copy(to: descriptor)
        let watching = Task {
            var progress = ProgressLine()
            while !Task.isCancelled {
                var status = stat()
                fstat(descriptor, &status)
                let done = Int(status.st_size)
                progress.show(whole == 0 ? nil : Double(done) / Double(whole), done >> 10, "KiB")
                try? await Task.sleep(for: .milliseconds(100))
            }
            progress.clear()
        }
        let result: Result<Void, any Error>
        do { result = .success(try await copying) } catch { result = .failure(error) }
        watching.cancel()
        await watching.value
        do { try result.get() } catch { throw CommandFailure("\(settings.directory.path): \(error)") }
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
        do throws(StoreError) {
            var options = settings.storeOptions()
            options.path = directory
            let store = try EventStore.openReadOnly(options)
            if checksAll {
                var progress = ProgressLine()
                let report = try store.check { done, whole in
                    progress.show(
                        whole == 0 ? nil : Double(done) / Double(whole), done, "entries checked")
                    return true
                }
                progress.clear()
                guard report.isSound else {
                    throw .corrupt(report.faults.first ?? "\(report.faultCount) faults")
                }
            }
            let sizes = try store.sizes()
            return StoreCopy.Outcome(
                events: sizes.events, commit: sizes.feed.latest, bytesBefore: sizes.fileBytes,
                bytes: sizes.fileBytes)
        } catch {
            throw CommandFailure("\(directory): \(error)")
        }
    }
}
