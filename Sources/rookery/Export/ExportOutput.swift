// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// Standard output, in large pieces, compressed if that is wanted.
struct ExportOutput {
    /// **Bytes** gathered before they are written.
    private static let pieceLength = 1 << 18

    private var buffer: [UInt8] = []
    private let encoder: ZstdEncoder?
    private var progress: ProgressLine?
    /// Lines there will be, where that is known.
    private let expected: Int?
    /// Whether the other end still takes what is written.
    private(set) var isOpen = true
    /// Why it does not.
    private(set) var problem = ""
    /// Lines so far.
    private(set) var lines = 0

    init(_ encoder: ZstdEncoder? = nil, progress: ProgressLine? = nil, expected: Int? = nil) {
        self.encoder = encoder
        self.progress = progress
        self.expected = expected
    }

    /// Adds one line; `false` when it makes no sense to go on.
    mutating func append(_ line: Span<UInt8>) -> Bool {
        line.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
        buffer.append(UInt8(ascii: "\n"))
        lines += 1
        if buffer.count >= Self.pieceLength { flush() }
        return isOpen
    }

    /// Writes what is left, and the end of what is compressed.
    ///
    /// - Throws: when not everything was taken.
    mutating func finish() throws(CommandFailure) {
        flush(isLast: true)
        progress?.clear()
        guard isOpen else { throw CommandFailure("standard output: \(problem)") }
    }

    /// Writes what was gathered.
    mutating func flush(isLast: Bool = false) {
        defer { buffer.removeAll(keepingCapacity: true) }
        guard isOpen else { return }
        let fraction = expected.map { $0 == 0 ? 1 : Double(lines) / Double($0) }
        progress?.show(fraction, lines, "events")
        guard let encoder else { return write(buffer) }
        var pieces: [[UInt8]] = []
        encoder.encode(buffer, isLast: isLast) { pieces.append($0) }
        for piece in pieces { write(piece) }
    }

    private mutating func write(_ bytes: [UInt8]) {
        guard isOpen, !bytes.isEmpty, !Console.write(bytes, to: STDOUT_FILENO) else { return }
        problem = SystemError.last
        isOpen = false
    }
}
