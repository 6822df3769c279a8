// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Reads a file, or standard input, in batches of lines; unpacks what is compressed.
struct LineSource: ~Copyable {
    /// Lines of one batch at most.
    static let batchLines = 1000
    /// **Bytes** after which a batch is full.
    static let batchBytes = 4 << 20

    private var source: ByteSource
    private var buffer: LineBuffer
    private var isAtEnd = false

    /// - Parameter path: `-` for standard input.
    init(_ path: String, maxLineLength: Int) throws(CommandFailure) {
        source = try ByteSource(path)
        buffer = LineBuffer(maxLength: maxLineLength)
    }

    /// How much of the file was read, from 0 to 1; `nil` for a pipe.
    var fraction: Double? {
        source.length.map { $0 == 0 ? 1 : Double(source.bytesRead) / Double($0) }
    }

    /// The next lines, in order; empty at the end.
    mutating func next() throws(CommandFailure) -> [LineBuffer.Line] {
        var batch: [LineBuffer.Line] = []
        var bytes = 0
        while batch.count < Self.batchLines, bytes < Self.batchBytes {
            if let line = buffer.next() {
                if case .whole(let content) = line { bytes += content.count }
                batch.append(line)
            } else if isAtEnd {
                if let line = buffer.rest() { batch.append(line) }
                return batch
            } else {
                let piece = try source.next()
                isAtEnd = piece.isEmpty
                buffer.append(piece)
            }
        }
        return batch
    }
}
