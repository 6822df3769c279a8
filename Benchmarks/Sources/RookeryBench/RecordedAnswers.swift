// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation

/// What a relay answered to each of some requests, frame for frame up to its EOSE, in a file: each answer's length in
/// four **bytes**, the lowest first, then the answer.
enum RecordedAnswers {
    static func record(_ filters: [String], port: Int, into file: String) throws {
        let connection = try LoadConnection(port: port)
        var bytes = Data()
        for (number, filter) in filters.enumerated() {
            try connection.write(LoadConnection.frame("[\"REQ\",\"\(number)\",\(filter)]"))
            var answer = Data()
            while true {
                let kind = try connection.next()
                let message = connection.message
                if kind == .event || kind == .endOfStored {
                    answer.append(contentsOf: WireFrame.header(message.count))
                    answer.append(contentsOf: message)
                }
                if kind == .endOfStored { break }
            }
            try connection.write(LoadConnection.frame("[\"CLOSE\",\"\(number)\"]"))
            for shift in [0, 8, 16, 24] { bytes.append(UInt8(answer.count >> shift & 255)) }
            bytes.append(answer)
        }
        try bytes.write(to: URL(fileURLWithPath: file))
    }

    static func read(_ file: String) throws -> [[UInt8]] {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        var (answers, at) = ([[UInt8]](), 0)
        while at + 4 <= bytes.count {
            let length = (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
            answers.append(Array(bytes[(at + 4)..<(at + 4 + length)]))
            at += 4 + length
        }
        return answers
    }
}
