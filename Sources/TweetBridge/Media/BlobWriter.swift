// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
public import NIOCore
import NIOPosix
public import NostrCore
import Synchronization

/// A file that is being written, and hashed on the way. It is gone unless ``finish()`` succeeds.
public final class BlobWriter: Sendable {
    /// A file that is on the disk.
    public struct Written: Hashable, Sendable {
        public var hash: Bytes32
        /// **Bytes**.
        public var size: Int64
        /// The first bytes, by which its type is told.
        public var start: [UInt8]
        /// Whether it was not here before.
        public var isNew: Bool
    }

    private struct State {
        var descriptor: Int32
        var hash = SHA256()
        var size: Int64 = 0
        var start: [UInt8] = []
    }

    private let files: BlobFiles
    private let path: String
    private let state: Mutex<State>
    /// **Bytes** that are kept of the beginning.
    private static let startLength = 512

    init(_ files: BlobFiles) throws(BlobError) {
        self.files = files
        path = "\(files.unfinished)/\(UInt64.random(in: .min ... .max))"
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileCalls.error("open", errno) }
        state = Mutex(State(descriptor: descriptor))
    }

    deinit { abandon() }

    /// Of what was written so far.
    public var hash: Bytes32 { state.withLock { $0.hash.finish() } }
    /// **Bytes** so far, and the first of them.
    public var size: Int64 { state.withLock { $0.size } }
    public var start: [UInt8] { state.withLock { $0.start } }

    /// Appends a piece. Blocks; after an error the file is gone.
    public func write(_ piece: ByteBuffer) throws(BlobError) {
        let failure = state.withLock { state -> BlobError? in
            precondition(state.descriptor >= 0, "nothing is written to a file that is gone")
            let wanted = Self.startLength - state.start.count
            if wanted > 0 { state.start += piece.readableBytesView.prefix(wanted) }
            state.size += Int64(piece.readableBytes)
            return piece.withUnsafeReadableBytes { bytes in
                state.hash.update(Span<UInt8>(_unsafeBytes: bytes))
                return append(bytes, to: state.descriptor)
            }
        }
        guard let failure else { return }
        abandon()
        throw failure
    }

    private func append(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> BlobError? {
        var rest = bytes
        while !rest.isEmpty {
            let count = files.calls.write(descriptor, rest)
            if count < 0 {
                if errno == EINTR { continue }
                return FileCalls.error("write", errno)
            }
            if count == 0 { return .diskFull }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return nil
    }

    /// Brings the file to the disk under its name. Blocks.
    ///
    /// - Returns: what it is; ``Written/isNew`` tells whether it was not here before.
    @discardableResult
    public func finish() throws(BlobError) -> Written {
        defer { abandon() }
        let (descriptor, hash, size, start) = state.withLock { state in
            (state.descriptor, state.hash.finish(), state.size, state.start)
        }
        precondition(descriptor >= 0, "a file is finished once, and not after an error")
        if files.size(of: hash) == size, (try? files.open(hash)) != nil {
            return Written(hash: hash, size: size, start: start, isNew: false)
        }
        if files.calls.sync(descriptor) != 0 { throw FileCalls.error("fsync", errno) }
        let place = files.path(of: hash)
        let directory = String(place.dropLast(65))
        try BlobFiles.makeDirectory(directory)
        if files.calls.rename(path, place) != 0 { throw FileCalls.error("rename", errno) }
        try BlobFiles.syncDirectory(directory)
        return Written(hash: hash, size: size, start: start, isNew: true)
    }

    /// Removes what was written, unless it has its name.
    public func abandon() {
        state.withLock { state in
            guard state.descriptor >= 0 else { return }
            close(state.descriptor)
            state.descriptor = -1
            // After a success nothing is called so any more.
            unlink(path)
        }
    }
}

/// The same away from the threads that must not block.
extension BlobWriter {
    func append(_ piece: ByteBuffer) async throws(BlobError) {
        try await Self.aside { () throws(BlobError) in try self.write(piece) }
    }

    func finished() async throws(BlobError) -> Written {
        try await Self.aside { () throws(BlobError) in try self.finish() }
    }

    static func aside<Value: Sendable>(
        _ work: @escaping @Sendable () throws(BlobError) -> Value
    ) async throws(BlobError) -> Value {
        let result: Result<Value, BlobError>
        do {
            result = try await NIOThreadPool.singleton.runIfActive { () -> Result<Value, BlobError> in
                do throws(BlobError) { return .success(try work()) } catch { return .failure(error) }
            }
        } catch {
            // The pool has ended, as the process is about to.
            throw .system("threads", ECANCELED)
        }
        return try result.get()
    }
}
