// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// Reads a file, or standard input, in batches of lines.
struct LineSource: ~Copyable {
    /// Lines of one batch at most.
    static let batchLines = 1000
    /// **Bytes** after which a batch is full.
    static let batchBytes = 4 << 20

    /// **Bytes** of the whole file; `nil` for a pipe.
    let length: Int?
    private(set) var bytesRead = 0
    private let descriptor: Int32
    private let name: String
    private var buffer: LineBuffer
    private var chunk = [UInt8](repeating: 0, count: 1 << 18)
    private var isAtEnd = false

    /// - Parameter path: `-` for standard input.
    init(_ path: String, maxLineLength: Int) throws(CommandFailure) {
        name = path == "-" ? "standard input" : path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure("\(path): \(SystemError.last)") }
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        length = isFile ? Int(status.st_size) : nil
        buffer = LineBuffer(maxLength: maxLineLength)
    }

    deinit { if descriptor > STDERR_FILENO { close(descriptor) } }

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
                try read()
            }
        }
        return batch
    }

    private mutating func read() throws(CommandFailure) {
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure("\(name): \(SystemError.last)") }
            isAtEnd = count == 0
            bytesRead += count
            buffer.append(chunk[..<count])
            return
        }
    }
}
