// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// What the connections of one event loop compress and decompress with. Confined to that loop.
///
/// No message refers to another, so one inflater and a few deflaters serve them all, and a connection that rests holds
/// nothing. They are made when the first message needs them.
final class LoopCompression {
    private lazy var inflater = Inflater()
    /// By window bits, and whether they are for short texts.
    private var deflaters: [Size: Deflater] = [:]
    /// Where a text is put together before it is compressed.
    private var scratch = ByteBuffer()
    private var shared = SharedBody()

    /// A text of at most this many bytes is sent as it is: there is little to gain.
    static let leastLength = 256
    /// A text of at most this many bytes needs no wider window than its own length; a smaller state is quicker to clear.
    static let shortLength = 4_096

    struct Size: Hashable {
        var windowBits: Int
        var isShort: Bool

        /// - Parameter windowBits: what the client can take.
        init(_ windowBits: Int, for length: Int) {
            isShort = length <= LoopCompression.shortLength
            self.windowBits = isShort ? min(windowBits, 12) : windowBits
        }
    }

    /// The text that many connections get, compressed, as long as it is the same.
    private struct SharedBody {
        var body = ByteBuffer()
        var trailer: [UInt8] = []
        var compressed: [Size: ByteBuffer] = [:]

        /// Keeping the buffer keeps its bytes where they are, and nobody changes them meanwhile: the same place is the
        /// same text.
        func isOf(_ other: ByteBuffer, _ otherTrailer: Span<UInt8>) -> Bool {
            guard body.readableBytes == other.readableBytes, trailer.count == otherTrailer.count else {
                return false
            }
            let isSamePlace = body.withUnsafeReadableBytes { mine in
                other.withUnsafeReadableBytes { mine.baseAddress == $0.baseAddress }
            }
            return isSamePlace && trailer.indices.allSatisfy { trailer[$0] == otherTrailer[$0] }
        }
    }

    /// Lends out the text of a compressed message.
    func inflate(_ payload: Span<UInt8>, limit: Int, _ body: (Span<UInt8>) -> Void) throws(ProtocolViolation)
    {
        try inflater.inflate(payload, limit: limit, body)
    }

    /// Appends a compressed text.
    func deflate(_ text: Span<UInt8>, windowBits: Int, to output: inout ByteBuffer) {
        deflater(Size(windowBits, for: text.count)).append(text, to: &output)
    }

    /// Lends out an empty buffer that `fill` writes a text into.
    func withText(_ fill: (inout ByteBuffer) -> Void, _ body: (ByteBuffer) -> Void) {
        var text = scratch
        scratch = ByteBuffer()
        text.clear()
        fill(&text)
        body(text)
        if text.capacity <= Inflater.keptScratch { scratch = text }
    }

    /// What comes after a header in a compressed message: compressed once for all connections that get it next.
    func shared(_ body: ByteBuffer, trailer: Span<UInt8>, windowBits: Int) -> ByteBuffer {
        if !shared.isOf(body, trailer) {
            shared = SharedBody(body: body)
            for index in trailer.indices { shared.trailer.append(trailer[index]) }
        }
        let size = Size(windowBits, for: body.readableBytes + trailer.count)
        if let compressed = shared.compressed[size] { return compressed }
        var compressed = ByteBuffer()
        deflater(size).append(body.readableBytesUInt8Span, trailer, to: &compressed)
        shared.compressed[size] = compressed
        return compressed
    }

    private func deflater(_ size: Size) -> Deflater {
        if let deflater = deflaters[size] { return deflater }
        let deflater = Deflater(windowBits: size.windowBits, memoryLevel: size.isShort ? 5 : 8)
        deflaters[size] = deflater
        return deflater
    }
}

/// The ``LoopCompression`` of every event loop of a group.
struct CompressionByLoop: Sendable {
    private let loops: [ObjectIdentifier: NIOLoopBoundBox<LoopCompression>]

    /// - Parameter group: `nil` when nothing is to be compressed.
    init(_ group: (any EventLoopGroup)?) {
        var loops: [ObjectIdentifier: NIOLoopBoundBox<LoopCompression>] = [:]
        for loop in group?.makeIterator() ?? EventLoopIterator([]) {
            loops[ObjectIdentifier(loop)] = .makeBoxSendingValue(LoopCompression(), eventLoop: loop)
        }
        self.loops = loops
    }

    /// Called on the loop; `nil` for a loop of another group.
    subscript(loop: any EventLoop) -> LoopCompression? { loops[ObjectIdentifier(loop)]?.value }

    var isOn: Bool { !loops.isEmpty }
}
