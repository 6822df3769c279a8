// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Logging
import NIOConcurrencyHelpers
import Telemetry
import Testing

@Suite struct LogLineTests {
    private let lines = NIOLockedValueBox<[String]>([])

    private func output(_ format: LogFormat, level: Logger.Level = .trace) -> LogOutput {
        LogOutput(level: level, format: format, clock: { 1_700_000_000_123 }) { [lines] bytes in
            lines.withLockedValue { $0.append(String(decoding: bytes, as: UTF8.self)) }
        }
    }

    private var written: [String] { lines.withLockedValue { $0 } }

    @Test func `a text line tells time, level, who, what and the facts in order`() {
        output(.text).logger("relay").info("connection opened", metadata: ["b": "2", "a": "one word"])
        #expect(
            written == ["2023-11-14T22:13:20.123Z info     relay  connection opened  a=\"one word\" b=2\n"])
    }

    @Test func `a JSON line is one object`() throws {
        output(.json).logger("relay").warning("slow", metadata: ["why": "a\"b\\c\nd\u{1}é", "level": "x"])
        let line = try #require(written.first)
        let object = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
        #expect(
            object == [
                "time": "2023-11-14T22:13:20.123Z", "level": "warning", "logger": "relay", "message": "slow",
                "why": "a\"b\\c\nd\u{1}é", "fact_level": "x",
            ])
        #expect(line.filter { $0 == "\n" }.count == 1)
    }

    @Test func `numbers, booleans and spans are numbers and booleans in JSON, and readable in text`() throws {
        let facts: Logger.Metadata = [
            "count": .number(-7), "is_ours": .flag(true), "share": .stringConvertible(0.5),
            "odd": .stringConvertible(Double.nan), "retry_in": .span(.milliseconds(2_040_250)),
            "soon": .span(.milliseconds(5)), "never": .span(.zero), "digits": "12",
        ]
        output(.json).logger("sync").info("much", metadata: facts)
        output(.text).logger("sync").info("much", metadata: facts)
        let (json, text) = (try #require(written.first), try #require(written.last))
        for part in [
            #""count":-7,"#, #""is_ours":true"#, #""share":0.5"#, #""odd":"nan""#,
            #""retry_in_seconds":2040.250"#, #""soon_seconds":0.005"#, #""never_seconds":0"#,
            #""digits":"12""#,
        ] { #expect(json.contains(part), "\(part) in \(json)") }
        _ = try JSONSerialization.jsonObject(with: Data(json.utf8))
        for part in ["count=-7", "is_ours=true", "share=0.5", "retry_in=34min", "soon=5ms"] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
    }

    @Test(arguments: LogFormat.allCases)
    func `no line is longer than a pipe writes at once`(format: LogFormat) {
        let long = String(repeating: "é\n", count: 5000)
        let facts = Dictionary(
            uniqueKeysWithValues: (0..<40).map { ("k\($0)", Logger.MetadataValue.string(long)) })
        output(format).logger("relay").info("much", metadata: facts)
        #expect(written.allSatisfy { $0.utf8.count <= LogLimits.lineLengthMax + 1 })
        #expect(written.allSatisfy { $0.filter { $0 == "\n" }.count == 1 && !$0.contains("\u{FFFD}") })
    }

    @Test func `the level can change while loggers exist`() {
        let output = output(.text, level: .warning)
        let logger = output.logger("relay")
        logger.info("not written")
        output.level = .debug
        logger.debug("written")
        #expect(written.count == 1)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (1_735_689_599_000, "2024-12-31T23:59:59.000Z"),
        ] as [(Int64, String)])
    func `moments are written in UTC`(milliseconds: Int64, text: String) {
        let output = LogOutput(level: .info, format: .text, clock: { milliseconds }) { [lines] bytes in
            lines.withLockedValue { $0.append(String(decoding: bytes, as: UTF8.self)) }
        }
        output.logger("x").info("y")
        #expect(written == ["\(text) info     x  y\n"])
    }
}
