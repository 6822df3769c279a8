// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NostrCore

/// The relay's own secret key: 64 hexadecimal digits in a file that only its owner may read.
enum RelayKeyFile {
    /// Reads the key; one that nobody will ever see again when the file is missing, which is not made.
    static func read(_ path: String) throws(CommandFailure) -> SecretKey {
        if FileSync.exists(path) { return try load(path) }
        var rng = SystemRandomNumberGenerator()
        return SecretKey.generate(using: &rng)
    }

    /// Reads the key, or makes one when the file is missing.
    ///
    /// - Throws: when the file cannot be read or written, holds no key, or is open to others.
    static func load(_ path: String) throws(CommandFailure) -> SecretKey {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw CommandFailure("\(path): \(SystemError.last)") }
            return try create(path)
        }
        guard status.st_mode & 0o077 == 0 else {
            throw CommandFailure("\(path): a secret key that others may read; run chmod 600 on it")
        }
        let text: String
        do { text = try SmallFile.text(at: path, max: 1024) } catch {
            throw CommandFailure("\(path): \(error)")
        }
        let word = text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
        if let key = SecretKey(hex: word) { return key }
        if case .nsec(let bytes) = NIP19Entity(bech32: word), let key = SecretKey(bytes: bytes.bytes) {
            return key
        }
        throw CommandFailure("\(path): holds no secret key (64 hexadecimal digits, or nsec…)")
    }

    /// Whole or not at all: written beside its place, synced, then moved there.
    private static func create(_ path: String) throws(CommandFailure) -> SecretKey {
        var rng = SystemRandomNumberGenerator()
        let key = SecretKey.generate(using: &rng)
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandFailure("\(path): cannot be made: \(SystemError.last)") }
        defer { close(descriptor) }
        let text = Array((Hex.string(key.bytes) + "\n").utf8)
        guard Console.write(text, to: descriptor), fsync(descriptor) == 0, rename(draft, path) == 0 else {
            throw CommandFailure("\(path): cannot be written: \(SystemError.last)")
        }
        return key
    }
}
