// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOPosix
import RelayTransport

/// A file, piece by piece as it is asked for.
struct FilePieces: AsyncSequence, Sendable {
    let file: HTTPFile
    /// **Bytes** of a piece.
    var length = 131_072

    func makeAsyncIterator() -> Iterator { Iterator(file: file, length: length) }

    struct Iterator: AsyncIteratorProtocol {
        let file: HTTPFile
        let length: Int
        var offset: Int64 = 0

        mutating func next() async throws -> ByteBuffer? {
            let (file, length, place) = (file, length, offset)
            let piece = try await NIOThreadPool.singleton.runIfActive { try file.read(length, at: place) }
            offset += Int64(piece.readableBytes)
            return piece.readableBytes > 0 ? piece : nil
        }
    }
}
