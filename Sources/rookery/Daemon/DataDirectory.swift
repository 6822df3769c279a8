// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// The one directory a Rookery keeps everything in, and what is called what in there.
struct DataDirectory: Sendable {
    let path: String

    /// LMDB's directory.
    var store: String { "\(path)/store" }
    var relayKey: String { "\(path)/relay.key" }
    /// What seals users' tokens in the store.
    var tokenKey: String { "\(path)/tokens.key" }
    var controlSocket: String { "\(path)/control.sock" }
    var lock: String { "\(path)/lock" }

    init(_ path: String) { self.path = path }

    /// Makes the directory and its parents when missing; only its owner may look inside.
    func create() throws(CommandFailure) {
        var prefix = path.hasPrefix("/") ? "/" : ""
        let names = path.split(separator: "/")
        for (index, name) in names.enumerated() {
            prefix += name
            let isLast = index == names.count - 1
            if mkdir(prefix, isLast ? 0o700 : 0o755) != 0, errno != EEXIST {
                let place = isLast ? "" : "\(prefix): "
                throw CommandFailure("\(path): cannot be made: \(place)\(SystemError.last)")
            }
            prefix += "/"
        }
        try checkDirectory()
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            throw CommandFailure("\(path): cannot be written to: \(SystemError.last)")
        }
    }

    /// - Throws: when it holds no store.
    func checkStore() throws(CommandFailure) {
        try checkDirectory()
        guard FileSync.exists("\(store)/data.mdb") else { throw CommandFailure("\(path): holds no store") }
    }

    /// - Throws: when there is no such directory.
    func checkDirectory() throws(CommandFailure) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw CommandFailure("\(path): \(SystemError.last)") }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw CommandFailure("\(path): is not a directory") }
    }
}
