// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// The right to write into a data directory: one process has it at a time, and loses it only by ending.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``Held`` when another process has it, ``CommandFailure`` when the file cannot be made.
    init(_ directory: DataDirectory) throws {
        let descriptor = open(directory.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandFailure("\(directory.lock): \(SystemError.last)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            let problem = SystemError.last
            let holder = Self.holder(descriptor)
            close(descriptor)
            throw isHeld
                ? Held(directory: directory.path, process: holder)
                : CommandFailure("\(directory.lock): cannot be locked: \(problem)") as any Error
        }
        self.descriptor = descriptor
        let process = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = Console.write(process, to: descriptor)
    }

    deinit { close(descriptor) }

    /// Another process writes there.
    struct Held: Error, CustomStringConvertible {
        let directory: String
        let process: Int?

        var description: String {
            "\(directory): in use by " + (process.map { "process \($0)" } ?? "another process")
        }
    }

    private static func holder(_ descriptor: Int32) -> Int? {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return nil }
        return Int(String(decoding: buffer[..<count].prefix { $0 != 10 }, as: UTF8.self))
    }
}
