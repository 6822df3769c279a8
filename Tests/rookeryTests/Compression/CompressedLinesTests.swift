// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import TestSupport
import Testing

@testable import rookery

/// Files that are compressed are read as if they were not.
@Suite struct CompressedLinesTests {
    let temporary: TemporaryDirectory
    private static let lines = (0..<30_000).map { "line \($0) of a file that compresses well" }

    init() throws { temporary = try TemporaryDirectory() }

    private func read(_ bytes: [UInt8], maxLineLength: Int = 1_000) throws -> [LineBuffer.Line] {
        let file = temporary.file("lines")
        try Data(bytes).write(to: URL(filePath: file))
        var source = try LineSource(file, maxLineLength: maxLineLength)
        var lines: [LineBuffer.Line] = []
        while true {
            let batch = try source.next()
            if batch.isEmpty { break }
            lines += batch
        }
        #expect(source.fraction == 1)
        return lines
    }

    private static func zstd(_ text: [UInt8]) -> [UInt8] {
        let encoder = ZstdEncoder(level: 3)
        var packed: [UInt8] = []
        let half = text.count / 2
        encoder.encode(Array(text[..<half]), isLast: false) { packed += $0 }
        encoder.encode(Array(text[half...]), isLast: true) { packed += $0 }
        return packed
    }

    private static func gzip(_ text: [UInt8], _ directory: TemporaryDirectory) throws -> [UInt8] {
        let plain = directory.file("plain")
        try Data(text).write(to: URL(filePath: plain))
        let process = Process()
        process.executableURL = URL(filePath: "/bin/gzip")
        process.arguments = ["-kf", plain]
        try process.run()
        process.waitUntilExit()
        return Array(try Data(contentsOf: URL(filePath: plain + ".gz")))
    }

    @Test(arguments: ["none", "zstd", "gzip"], [1, 2])
    func `plain, zstd and gzip, one part or two, hold the same lines`(format: String, parts: Int) throws {
        let text = Array((Self.lines.joined(separator: "\n") + "\n").utf8)
        let packed =
            switch format {
            case "zstd": Self.zstd(text)
            case "gzip": try Self.gzip(text, temporary)
            default: text
            }
        if format != "none" { #expect(packed.count < text.count / 4) }
        let expected = Self.lines.map { LineBuffer.Line.whole(Array($0.utf8)) }
        let all = try read((0..<parts).flatMap { _ in packed })
        #expect(all == (0..<parts).flatMap { _ in expected })
    }

    @Test(arguments: ["zstd", "gzip"])
    func `what is cut off or damaged is told, not taken for the end`(format: String) throws {
        let text = Array(Self.lines.joined(separator: "\n").utf8)
        let packed = format == "zstd" ? Self.zstd(text) : try Self.gzip(text, temporary)
        #expect(throws: CommandFailure.self) { try read(Array(packed.dropLast(5))) }
        var damaged = packed
        damaged[packed.count / 2] ^= 0xFF
        #expect(throws: CommandFailure.self) { try read(damaged) }
    }

    @Test func `a little that becomes very much is one line that is too long`() throws {
        let packed = Self.zstd([UInt8](repeating: 0x61, count: 64 << 20))
        #expect(packed.count < 65_536)
        #expect(try read(packed) == [.tooLong])
    }

    @Test(arguments: [[], [0x28], [0x1F, 0x8B], [0x28, 0xB5, 0x2F]] as [[UInt8]])
    func `a file of a few bytes is read, or said to be cut off`(bytes: [UInt8]) throws {
        if bytes.first == 0x1F {
            #expect(throws: CommandFailure.self) { try read(bytes) }
        } else {
            #expect(try read(bytes) == (bytes.isEmpty ? [] : [.whole(bytes)]))
        }
    }
}
