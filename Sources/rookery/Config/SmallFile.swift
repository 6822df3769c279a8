// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// Files that are read whole because they are small: configuration and keys.
enum SmallFile {
    /// Why a file could not be read.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// - Throws: when it cannot be read, is longer than `max` bytes or is not UTF-8.
    static func text(at path: String, max: Int) throws(Failure) -> String {
        guard let text = String(validating: try bytes(at: path, max: max), as: UTF8.self) else {
            throw Failure(description: "is not UTF-8")
        }
        return text
    }

    static func bytes(at path: String, max: Int) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(description: "cannot be opened: \(SystemError.last)") }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(description: "cannot be read: \(SystemError.last)") }
            if count == 0 { return content }
            content += chunk[..<count]
            guard content.count <= max else { throw Failure(description: "is longer than \(max) bytes") }
        }
    }
}

/// What the system said about the call that failed last.
enum SystemError {
    static var last: String { text(errno) }

    static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
