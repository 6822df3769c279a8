// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore

/// Events made from a seed, as JSON lines in a file that is kept for the next run.
struct DataSet {
    let file: String
    let count: Int
    /// **Bytes** of the file.
    let bytes: Int
    /// Every so many-th event: twenty thousand at most.
    let samples: [Event]
    /// **Events a second** that were made; `nil` when they were there.
    let making: Double?

    /// - Parameter cache: the directory that it is kept in. Whoever changes what is made changes its name.
    init(_ count: Int, cache: String) throws {
        self.count = count
        file = "\(cache)/mixed-2-\(count).jsonl"
        var making: Double?
        if !FileManager.default.fileExists(atPath: file) {
            let start = Clock.now
            try Self.make(count, into: file)
            making = Double(count) / (Clock.now - start)
        }
        self.making = making
        (samples, bytes) = try Self.read(file, every: max(10, count / 20_000))
    }

    /// Under another name until it is whole.
    private static func make(_ count: Int, into file: String) throws {
        guard let output = fopen(file + ".part", "w") else {
            throw MeasuredProcess.Failed(description: "cannot write \(file)")
        }
        MixedEvents().make(count) { block in
            for event in block {
                _ = event.json.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, output) }
                fputc(10, output)
            }
        }
        guard fclose(output) == 0, rename(file + ".part", file) == 0 else {
            throw MeasuredProcess.Failed(description: "cannot write \(file)")
        }
    }

    private static func read(_ file: String, every step: Int) throws -> ([Event], Int) {
        guard let input = fopen(file, "r") else {
            throw MeasuredProcess.Failed(description: "cannot read \(file)")
        }
        defer { fclose(input) }
        var (line, room, number, bytes) = (UnsafeMutablePointer<CChar>?.none, 0, 0, 0)
        defer { free(line) }
        var samples: [Event] = []
        while case let length = getline(&line, &room, input), length > 0 {
            bytes += length
            if number % step == 0, let line {
                let json = UnsafeRawBufferPointer(start: line, count: length - 1)
                samples.append(try Event.parse(Array(json)).event)
            }
            number += 1
        }
        return (samples, bytes)
    }
}
