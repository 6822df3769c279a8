// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NIOConcurrencyHelpers
import NIOCore
public import NostrCore
public import RelayTransport

/// Files that are named by the hash of their bytes: `ab/cd/abcd…` below one directory.
///
/// A file is written under another name, brought to the disk and renamed, so what has its name has all of its bytes.
/// Before a file is given out for the first time since the start, or after it was touched, its hash is taken again. All
/// of this blocks for as long as the disk does.
public final class BlobFiles: Sendable {
    /// Without a trailing slash.
    public let root: String
    let calls: FileCalls
    let turns = HashTurns()
    private let known = NIOLockedValueBox<[Bytes32: Mark]>([:])
    /// Files remembered as sound; beyond it all are forgotten, and looked at again.
    private static let knownMax = 65_536

    /// What a file that was found sound looked like.
    private struct Mark: Hashable {
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int
    }

    /// Makes the directories, and removes what a crash left half written.
    ///
    /// - Throws: ``BlobError``.
    public convenience init(root: String) throws(BlobError) { try self.init(root: root, calls: .system) }

    init(root: String, calls: FileCalls) throws(BlobError) {
        self.root = root
        self.calls = calls
        try Self.makeDirectory(root)
        try Self.makeDirectory(unfinished)
        for name in Self.names(in: unfinished) { unlink("\(unfinished)/\(name)") }
    }

    /// Where files are until they are whole.
    var unfinished: String { "\(root)/unfinished" }

    public func path(of hash: Bytes32) -> String {
        let name = Hex.string(hash.bytes)
        return "\(root)/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))/\(name)"
    }

    /// **Bytes** of a file; `nil` when it is not here.
    public func size(of hash: Bytes32) -> Int64? { mark(of: hash)?.size }

    /// Begins a file whose name follows from what is written.
    public func begin() throws(BlobError) -> BlobWriter { try BlobWriter(self) }

    /// A sound file, open.
    ///
    /// - Throws: ``BlobError/missing``, ``BlobError/damaged`` and others.
    public func open(_ hash: Bytes32) throws(BlobError) -> HTTPFile {
        guard let mark = mark(of: hash) else { throw .missing }
        let file: HTTPFile
        do { file = try HTTPFile(path: path(of: hash)) } catch {
            guard let error = error as? IOError, error.errnoCode != ENOENT else { throw .missing }
            throw .system("open", error.errnoCode)
        }
        if known.withLockedValue({ $0[hash] }) == mark { return file }
        guard try Self.digest(of: file) == hash else {
            putAside(hash)
            throw .damaged
        }
        known.withLockedValue { known in
            if known.count >= Self.knownMax { known = [:] }
            known[hash] = mark
        }
        return file
    }

    /// - Returns: whether it was here.
    @discardableResult
    public func remove(_ hash: Bytes32) throws(BlobError) -> Bool {
        known.withLockedValue { $0[hash] = nil }
        if unlink(path(of: hash)) == 0 { return true }
        guard errno == ENOENT else { throw .system("unlink", errno) }
        return false
    }

    /// The names of the files whose hashes begin with this byte.
    public func hashes(beginningWith byte: UInt8) -> [Bytes32] {
        let first = "\(root)/\(Hex.string([byte]))"
        return Self.names(in: first).flatMap { Self.names(in: "\(first)/\($0)") }.compactMap { name in
            Hex.decode(Array(name.utf8).span, count: 32).flatMap { Bytes32($0) }
        }
    }

    /// A damaged file keeps its bytes, for whoever wants to know, under a name that nothing asks for.
    private func putAside(_ hash: Bytes32) {
        let path = path(of: hash)
        if calls.rename(path, "\(path).damaged") != 0 { unlink(path) }
    }

    private func mark(of hash: Bytes32) -> Mark? {
        var facts = stat()
        guard lstat(path(of: hash), &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        return Mark(
            inode: UInt64(facts.st_ino), size: Int64(facts.st_size), seconds: facts.st_mtim.tv_sec,
            nanoseconds: facts.st_mtim.tv_nsec)
    }

    private static func digest(of file: HTTPFile) throws(BlobError) -> Bytes32 {
        var (hash, offset) = (SHA256(), Int64(0))
        while offset < file.size {
            let piece: ByteBuffer
            do { piece = try file.read(262_144, at: offset) } catch {
                throw .system("read", (error as? IOError)?.errnoCode ?? EIO)
            }
            if piece.readableBytes == 0 { break }
            piece.withUnsafeReadableBytes { hash.update(Span<UInt8>(_unsafeBytes: $0)) }
            offset += Int64(piece.readableBytes)
        }
        return hash.finish()
    }
}

/// Directories.
extension BlobFiles {
    /// Makes a directory, and what is above it, unless it is there.
    static func makeDirectory(_ path: String) throws(BlobError) {
        if mkdir(path, 0o700) == 0 {
            try syncDirectory(path.parent)
            return
        }
        switch errno {
        case EEXIST: return
        case ENOENT where path.parent != path:
            try makeDirectory(path.parent)
            try makeDirectory(path)
        default: throw FileCalls.error("mkdir", errno)
        }
    }

    /// Brings the names in a directory to the disk.
    static func syncDirectory(_ path: String) throws(BlobError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", errno) }
        defer { close(descriptor) }
        if fsync(descriptor) != 0 { throw FileCalls.error("fsync", errno) }
    }

    private static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}

extension String {
    /// Without the last component.
    fileprivate var parent: String {
        guard let slash = lastIndex(of: "/") else { return "." }
        return slash == startIndex ? "/" : String(self[..<slash])
    }
}
