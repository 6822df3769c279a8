// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// Files of archives: never anything but regular files, never through a link that stands in the archive.
enum ArchiveFile {
    /// - Returns: `nil` for what is no regular file, or longer than `most` **bytes**.
    static func read(_ path: String, most: Int) throws(ExchangeError) -> [UInt8]? {
        guard let reader = try ArchiveReader(path), reader.size <= most else { return nil }
        var bytes: [UInt8] = []
        while bytes.count <= most {
            let piece = try reader.next(most + 1)
            if piece.isEmpty { return bytes }
            bytes += piece
        }
        return nil
    }

    /// Writes a file, whole or not at all.
    ///
    /// - Returns: whether it was not there with the same bytes before.
    static func write(_ bytes: [UInt8], to path: String) throws(ExchangeError) -> Bool {
        if let before = try present(path, most: bytes.count + 1), before == bytes { return false }
        let writer = try ArchiveWriter(path)
        try writer.write(bytes)
        try writer.finish()
        return true
    }

    private static func present(_ path: String, most: Int) throws(ExchangeError) -> [UInt8]? {
        guard access(path, F_OK) == 0 else { return nil }
        return try read(path, most: most)
    }

    static func makeDirectory(_ path: String) throws(ExchangeError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .unwritable(path, String(cString: strerror(errno)))
        }
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Calls `take` with the names in a directory, in no order.
    static func names(
        in directory: String, _ take: (String) async throws(ExchangeError) -> Void
    ) async throws(ExchangeError) {
        guard let stream = opendir(directory) else {
            throw .unreadable(directory, String(cString: strerror(errno)))
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            try await take(name)
        }
    }
}

/// A regular file that is read from its beginning.
final class ArchiveReader {
    private let descriptor: Int32
    private let path: String
    /// **Bytes**.
    let size: Int
    private(set) var offset = 0

    /// `nil` for what is no regular file.
    init?(_ path: String) throws(ExchangeError) {
        // Not to wait for a pipe that nobody writes into.
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ELOOP { return nil }
            throw .unreadable(path, String(cString: strerror(errno)))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        self.path = path
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// At most `count` bytes more; none at the end.
    func next(_ count: Int) throws(ExchangeError) -> [UInt8] {
        var failed = false
        let piece = [UInt8](unsafeUninitializedCapacity: min(count, max(1, size - offset))) {
            buffer, filled in
            var got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            while got < 0, errno == EINTR { got = Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
            failed = got < 0
            filled = max(0, got)
        }
        if failed { throw .unreadable(path, String(cString: strerror(errno))) }
        offset += piece.count
        return piece
    }
}

/// A file that gets its name once it is whole.
final class ArchiveWriter {
    private let descriptor: Int32
    private let path: String
    private var buffer: [UInt8] = []
    private var isFinished = false

    init(_ path: String) throws(ExchangeError) {
        self.path = path
        descriptor = open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path, String(cString: strerror(errno))) }
    }

    deinit {
        close(descriptor)
        if !isFinished { unlink(path + ".part") }
    }

    func write(_ bytes: [UInt8]) throws(ExchangeError) {
        buffer += bytes
        if buffer.count >= 1 << 20 { try flush() }
    }

    func finish() throws(ExchangeError) {
        try flush()
        guard rename(path + ".part", path) == 0 else {
            throw .unwritable(path, String(cString: strerror(errno)))
        }
        isFinished = true
    }

    private func flush() throws(ExchangeError) {
        var done = 0
        while done < buffer.count {
            let wrote = buffer.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if wrote < 0, errno == EINTR { continue }
            guard wrote > 0 else { throw .unwritable(path, String(cString: strerror(errno))) }
            done += wrote
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

extension ArchiveFile {
    /// Gives a file a second name, or copies it to where that cannot be.
    ///
    /// - Returns: whether that name was free.
    static func link(_ source: String, to path: String) throws(ExchangeError) -> Bool {
        if access(path, F_OK) == 0 { return false }
        if Glibc.link(source, path) == 0 { return true }
        guard errno != ENOENT, let reader = try ArchiveReader(source) else {
            throw .unreadable(source, "it is missing")
        }
        let writer = try ArchiveWriter(path)
        while true {
            let piece = try reader.next(1 << 20)
            if piece.isEmpty { break }
            try writer.write(piece)
        }
        try writer.finish()
        return true
    }
}
