// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// Standard output and standard error, whole lines at a time.
enum Console {
    /// A line to standard output.
    static func say(_ line: String) { _ = write(Array((line + "\n").utf8), to: STDOUT_FILENO) }

    /// Bytes to standard output, with the end of the line in them.
    static func print(_ line: [UInt8]) { _ = write(line, to: STDOUT_FILENO) }

    /// A line to standard error.
    static func complain(_ line: String) { _ = write(Array((line + "\n").utf8), to: STDERR_FILENO) }

    /// Whether a person looks at standard error.
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes all bytes; `false` when the other end is gone or the disk is full.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }
}
