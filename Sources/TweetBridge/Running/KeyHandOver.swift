// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NostrCore
import TweetCore

/// Writes a mirror's key where the operator finds it, for the one whose it is now: a file that only its owner may read.
struct KeyHandOver {
    let directory: String

    /// - Returns: the file.
    func write(_ key: SecretKey, of user: UserID) throws(BridgeStoreError) -> String {
        guard let bytes = Bytes32(key.bytes), let text = NIP19Entity.nsec(bytes).bech32 else {
            throw .failed("the key cannot be written as text")
        }
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else { throw Self.failure(directory) }
        let path = "\(directory)/\(user).nsec"
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure(path) }
        defer { close(file) }
        var rest = Array("\(text)\n".utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Self.failure(path) }
            rest = rest.dropFirst(count)
        }
        // Once the key is another's, nothing here may sign with it: the file must be there by then.
        guard fchmod(file, 0o600) == 0, fsync(file) == 0 else { throw Self.failure(path) }
        return path
    }

    private static func failure(_ path: String) -> BridgeStoreError {
        .failed("\(path): \(String(cString: strerror(errno)))")
    }
}
