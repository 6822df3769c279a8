// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NostrCore

/// Reads a file from its start to its end, a piece at a time; says what its digest is.
enum FileCopy {
    private static let pieceBytes = 1 << 20

    /// SHA-256 of a file, in hex digits; with a `copy`, every byte is written there, and is on the disk at the end.
    static func digest(of path: String, copyingTo copy: String? = nil) throws(CommandFailure) -> String {
        let input = open(path, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw CommandFailure("\(path): \(SystemError.last)") }
        defer { close(input) }
        var output: Int32 = -1
        if let copy {
            output = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard output >= 0 else { throw CommandFailure("\(copy): \(SystemError.last)") }
        }
        defer { if output >= 0 { close(output) } }
        var status = stat()
        fstat(input, &status)
        var progress = ProgressLine()
        var hash = SHA256()
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        var done = 0
        while true {
            let count = piece.withUnsafeMutableBytes { read(input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure("\(path): \(SystemError.last)") }
            if count == 0 { break }
            hash.update(piece.span.extracting(..<count))
            if let copy, !Console.write(Array(piece[..<count]), to: output) {
                throw CommandFailure("\(copy): \(SystemError.last)")
            }
            done += count
            progress.show(
                status.st_size == 0 ? nil : Double(done) / Double(status.st_size), done >> 10, "KiB")
        }
        progress.clear()
        if let copy, fsync(output) != 0 { throw CommandFailure("\(copy): \(SystemError.last)") }
        return Hex.string(hash.finish().bytes)
    }
}
