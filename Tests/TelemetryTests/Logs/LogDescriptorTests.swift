// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import Logging
import Telemetry
import TestSupport
import Testing

@Suite struct LogDescriptorTests {
    /// Both ends of a pipe; reading never waits.
    private struct Pipes: ~Copyable {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
            _ = fcntl(reading, F_SETFL, O_NONBLOCK)
        }

        deinit {
            close(reading)
            close(writing)
        }

        /// Everything that is in there now.
        func drain() -> String {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(reading, &chunk, chunk.count)
                guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
                bytes += chunk[..<count]
            }
        }
    }

    private let line = Array("a line of the log\n".utf8)

    @Test func `a pipe that nobody reads costs lines and no time, and the log says how many`() throws {
        let pipe = try Pipes()
        let descriptor = LogDescriptor(pipe.writing, patience: 1)
        let output = LogOutput(level: .info, format: .text, clock: { 0 }, descriptor: descriptor)
        let logger = output.logger("relay")
        // A pipe holds 64 KiB.
        for _ in 0..<5000 { logger.info("nobody reads this") }
        let lost = output.lostLines
        #expect((1..<5000).contains(lost))
        let first = pipe.drain().split(separator: "\n")
        #expect(first.count == 5000 - lost && first.allSatisfy { $0.hasSuffix("nobody reads this") })
        logger.info("somebody reads this")
        let then = pipe.drain().split(separator: "\n")
        #expect(then.count == 2)
        #expect(then.first?.hasSuffix("warning  log  log lines could not be written  count=\(lost)") == true)
        #expect(then.last?.hasSuffix("somebody reads this") == true)
        logger.info("and this")
        #expect(pipe.drain().split(separator: "\n").count == 1)
        #expect(output.lostLines == lost)
    }

    @Test func `a line that was cut short is not continued by the next`() throws {
        let pipe = try Pipes()
        _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK)
        let descriptor = LogDescriptor(pipe.writing, patience: 0)
        #expect(!descriptor.write([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)))
        #expect(pipe.drain().allSatisfy { $0 == "x" })
        #expect(descriptor.write(line))
        #expect(pipe.drain() == "\na line of the log\n")
        #expect(descriptor.write(line))
        #expect(pipe.drain() == "a line of the log\n")
    }

    @Test func `a reader that has gone, a full disk and a closed descriptor are no harm`() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        for descriptor in [ends[1], full, -1] {
            let log = LogDescriptor(descriptor)
            for _ in 0..<100 { #expect(!log.write(line)) }
        }
        close(ends[1])
        close(full)
    }

    @Test func `a file that is cut goes on at its beginning, however it was opened`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("log")
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(file) }
        let log = LogDescriptor(file)
        for _ in 0..<3 { #expect(log.write(line)) }
        #expect(truncate(path, 0) == 0)
        #expect(log.write(line))
        #expect(try directory.read("log") == "a line of the log\n")
    }
}
