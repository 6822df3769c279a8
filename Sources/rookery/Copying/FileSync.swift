// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// Brings files and names to the disk.
enum FileSync {
    /// The names in a directory.
    static func directory(_ path: String) throws(CommandFailure) {
        let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure("\(path): \(SystemError.last)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw CommandFailure("\(path): \(SystemError.last)") }
    }

    /// The path without what `ls -p` or a shell puts behind a directory's name.
    static func withoutSlash(_ path: String) -> String {
        var path = Substring(path)
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return String(path)
    }

    /// Gives a file or directory another name, at once and on the disk too; a file that has that name is gone then.
    static func rename(_ old: String, to new: String) throws(CommandFailure) {
        guard Glibc.rename(old, new) == 0 else {
            throw CommandFailure("\(new): cannot be put in place: \(SystemError.last)")
        }
        try directory(parent(of: new))
    }

    /// Gives a file a second name in the same directory.
    static func link(_ path: String, as other: String) throws(CommandFailure) {
        guard Glibc.link(path, other) == 0 else {
            throw CommandFailure("\(other): cannot be made: \(SystemError.last)")
        }
        try directory(parent(of: other))
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether there is anything of that name.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// The directory in which a name stands.
    static func parent(of path: String) -> String {
        let trimmed = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    /// Writes a small file and brings it to the disk.
    static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandFailure("\(path): \(SystemError.last)") }
        defer { close(descriptor) }
        guard Console.write(bytes, to: descriptor), fsync(descriptor) == 0 else {
            throw CommandFailure("\(path): \(SystemError.last)")
        }
    }
}
