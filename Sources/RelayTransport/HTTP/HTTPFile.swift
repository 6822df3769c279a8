// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
public import NIOCore

/// An open file that answers are made of; closed with the last reference.
public final class HTTPFile: Sendable {
    /// **Bytes**.
    public let size: Int64
    private let descriptor: Int32

    /// Takes a descriptor that is open for reading over.
    public init(takingOver descriptor: Int32, size: Int64) {
        self.descriptor = descriptor
        self.size = size
    }

    /// Opens a regular file. Blocks for as long as the disk does.
    ///
    /// - Throws: `IOError`.
    public convenience init(path: String) throws {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "open") }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            let code = facts.st_mode & S_IFMT == S_IFREG ? errno : EISDIR
            Glibc.close(descriptor)
            throw IOError(errnoCode: code, reason: "fstat")
        }
        self.init(takingOver: descriptor, size: Int64(facts.st_size))
    }

    deinit { Glibc.close(descriptor) }

    /// Up to `count` **bytes** from `offset` on; fewer at the file's end alone. Blocks for as long as the disk does.
    ///
    /// - Throws: `IOError`.
    public func read(_ count: Int, at offset: Int64) throws -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        while buffer.readableBytes < count {
            let (place, left) = (offset + Int64(buffer.readableBytes), count - buffer.readableBytes)
            let read = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: left) { room in
                while true {
                    let got = pread(descriptor, room.baseAddress, min(room.count, left), off_t(place))
                    if got >= 0 { return got }
                    if errno != EINTR { throw IOError(errnoCode: errno, reason: "pread") }
                }
            }
            if read == 0 { break }
        }
        return buffer
    }
}

/// The part of a file that is a response's body.
public struct FilePart: Sendable {
    public var file: HTTPFile
    /// **Bytes** from the file's beginning.
    public var range: Range<Int64>

    public init(_ file: HTTPFile, _ range: Range<Int64>? = nil) {
        self.file = file
        self.range = range ?? 0..<file.size
    }
}
