// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// The plain bytes of a file or of standard input, which may be compressed with zstd or gzip.
struct ByteSource: ~Copyable {
    /// **Bytes** of one piece at most, read or unpacked.
    private static let pieceBytes = 1 << 18

    /// **Bytes** of the file as it lies there; `nil` for a pipe.
    let length: Int?
    /// **Bytes** of it that were read.
    private(set) var bytesRead = 0
    private let descriptor: Int32
    private let name: String
    private var chunk = [UInt8](repeating: 0, count: pieceBytes)
    /// What of `chunk` is to be unpacked yet.
    private var pending = 0..<0
    private var plain: [UInt8] = []
    /// `nil` until the first bytes were looked at.
    private var format: CompressionFormat?
    private var decoder: (any ByteDecoder)?

    /// - Parameter path: `-` for standard input.
    init(_ path: String) throws(CommandFailure) {
        name = path == "-" ? "standard input" : path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure("\(path): \(SystemError.last)") }
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        length = isFile ? Int(status.st_size) : nil
    }

    deinit { if descriptor > STDERR_FILENO { close(descriptor) } }

    /// The next piece; empty at the end.
    mutating func next() throws(CommandFailure) -> ArraySlice<UInt8> {
        if format == nil { try begin() }
        guard let decoder else {
            if pending.isEmpty { pending = 0..<(try read(at: 0)) }
            defer { pending = 0..<0 }
            return chunk[pending]
        }
        while true {
            let made = try unpack(with: decoder)
            if made > 0 { return plain[..<made] }
            guard pending.isEmpty else { continue }
            pending = 0..<(try read(at: 0))
            if pending.isEmpty {
                guard decoder.isAtEnd else {
                    throw CommandFailure("\(name): ends in the middle of what is compressed")
                }
                return []
            }
        }
    }

    /// Looks at the first bytes.
    private mutating func begin() throws(CommandFailure) {
        var count = 0
        while count < CompressionFormat.magicBytes {
            let more = try read(at: count)
            if more == 0 { break }
            count += more
        }
        pending = 0..<count
        let format = CompressionFormat(of: chunk[pending])
        self.format = format
        decoder = format.makeDecoder()
        if decoder != nil { plain = [UInt8](repeating: 0, count: Self.pieceBytes) }
    }

    private mutating func unpack(with decoder: any ByteDecoder) throws(CommandFailure) -> Int {
        let range = pending
        let step = chunk.withUnsafeBytes { input in
            plain.withUnsafeMutableBytes { output in
                decoder.decode(UnsafeRawBufferPointer(rebasing: input[range]), into: output)
            }
        }
        if let problem = step.problem { throw CommandFailure("\(name): \(problem)") }
        pending = (pending.lowerBound + step.taken)..<pending.upperBound
        // Neither taken nor made, though something is there: nothing would ever come of it.
        if step.taken == 0, step.made == 0, !pending.isEmpty {
            throw CommandFailure("\(name): cannot be unpacked")
        }
        return step.made
    }

    private mutating func read(at start: Int) throws(CommandFailure) -> Int {
        while true {
            let count = chunk.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress.map { $0 + start }, $0.count - start)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure("\(name): \(SystemError.last)") }
            bytesRead += count
            return count
        }
    }
}
