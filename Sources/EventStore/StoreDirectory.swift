// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// The directory of a store, and the lock that makes one process its writer.
final class StoreDirectory: Sendable {
    let path: String
    private let lock: Int32

    var dataFile: String { path + "/data.mdb" }

    /// Makes the directory where it is missing, and takes the lock.
    ///
    /// - Throws: ``StoreError/locked(path:)`` while another process holds it.
    init(locking path: String) throws(StoreError) {
        try Self.make(path)
        let lock = Glibc.open(path + "/writer.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw Self.error("open the writer's lock") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(lock)
            if code == EWOULDBLOCK { throw .locked(path: path) }
            throw Self.error("lock the store", code)
        }
        self.path = path
        self.lock = lock
    }

    /// For reading only.
    init(reading path: String) throws(StoreError) {
        guard access(path + "/data.mdb", R_OK) == 0 else { throw Self.error("read \(path)/data.mdb") }
        self.path = path
        lock = -1
    }

    deinit { if lock >= 0 { close(lock) } }

    /// **Bytes** of the file.
    func fileBytes() throws(StoreError) -> Int {
        var status = stat()
        guard stat(dataFile, &status) == 0 else { throw Self.error("look at \(dataFile)") }
        return Int(status.st_size)
    }

    /// Makes the file longer, with zeroes, or shorter.
    func setFileBytes(_ bytes: Int) throws(StoreError) {
        guard truncate(dataFile, bytes) == 0 else { throw Self.error("set the length of \(dataFile)") }
    }

    private static func make(_ path: String) throws(StoreError) {
        guard !path.isEmpty else { throw .misuse("a store needs a directory") }
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += part
            if mkdir(made, 0o755) != 0, errno != EEXIST { throw error("make the directory \(made)") }
            made += "/"
        }
    }

    private static func error(_ operation: String, _ code: Int32 = errno) -> StoreError {
        let reason = String(cString: strerror(code))
        if code == ENOSPC || code == EDQUOT { return .full(operation: operation, reason: reason) }
        return .io(operation: operation, code: code, reason: reason)
    }
}
