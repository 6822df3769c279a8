// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging

/// One line of the log, before it is written as text or JSON.
struct LogLine {
    /// Wall clock, in **milliseconds** since 1970.
    let time: Int64
    let level: Logger.Level
    let label: String
    let message: String
    let facts: [(key: String, value: LogFact)]

    func rendered(as format: LogFormat) -> [UInt8] {
        var line: [UInt8]
        switch format {
        case .text: line = text
        case .json: line = json
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// `2026-01-31T12:00:00.000Z info    relay  connection opened  relay=wss://a.test`
    private var text: [UInt8] {
        var line = Array("\(UTCTime(time)) ".utf8)
        line +=
            Array(level.rawValue.utf8) + [UInt8](repeating: 32, count: max(1, 9 - level.rawValue.utf8.count))
        line += Array("\(label)  ".utf8)
        appendPlain(message, to: &line)
        for (index, fact) in facts.enumerated() {
            let start = line.count
            line += Array(index == 0 ? "  \(fact.key)=".utf8 : " \(fact.key)=".utf8)
            let value = fact.value.text
            if value.utf8.contains(where: { $0 <= 32 || $0 == 34 || $0 == 61 || $0 == 127 }) || value.isEmpty
            {
                LogText.append(value, to: &line, max: LogLimits.valueLengthMax)
            } else {
                line += LogText.cut(value, to: LogLimits.valueLengthMax)
            }
            if line.count > LogLimits.lineLengthMax - 4 {
                line.removeSubrange(start...)
                line += Array(" …".utf8)
                break
            }
        }
        return line
    }

    private var json: [UInt8] {
        var line = Array("{\"time\":\"\(UTCTime(time))\",\"level\":\"\(level.rawValue)\",\"logger\":".utf8)
        LogText.append(label, to: &line, max: 64)
        line += Array(",\"message\":".utf8)
        LogText.append(message, to: &line, max: LogLimits.valueLengthMax)
        for fact in facts {
            let start = line.count
            line.append(UInt8(ascii: ","))
            // A fact never takes the place of one of the four above.
            var key =
                ["time", "level", "logger", "message"].contains(fact.key) ? "fact_\(fact.key)" : fact.key
            if case .span = fact.value { key += "_seconds" }
            LogText.append(key, to: &line, max: 64)
            line.append(UInt8(ascii: ":"))
            switch fact.value {
            case .text(let text): LogText.append(text, to: &line, max: LogLimits.valueLengthMax)
            case .literal(let literal): line += Array(literal.utf8)
            case .span(let duration): line += Array(Self.seconds(duration).utf8)
            }
            if line.count > LogLimits.lineLengthMax - 1 {
                line.removeSubrange(start...)
                break
            }
        }
        line.append(UInt8(ascii: "}"))
        return line
    }

    /// Decimal, to the millisecond.
    private static func seconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = abs(attoseconds / 1_000_000_000_000_000)
        let sign = seconds == 0 && attoseconds < 0 ? "-" : ""
        let fraction = milliseconds == 0 ? "" : "." + String(String(1000 + milliseconds).dropFirst())
        return "\(sign)\(seconds)\(fraction)"
    }

    private func appendPlain(_ text: String, to line: inout [UInt8]) {
        for byte in LogText.cut(text, to: LogLimits.valueLengthMax) { line.append(byte < 32 ? 32 : byte) }
    }
}

/// The little JSON that log lines need.
enum LogText {
    /// `text` in quotes, cut to `max` bytes of content.
    static func append(_ text: String, to line: inout [UInt8], max: Int) {
        line.append(UInt8(ascii: "\""))
        for byte in cut(text, to: max) {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): line += Array("\\n".utf8)
            case UInt8(ascii: "\r"): line += Array("\\r".utf8)
            case UInt8(ascii: "\t"): line += Array("\\t".utf8)
            case 0..<32, 127: line += Array("\\u00".utf8) + [hexDigit(byte >> 4), hexDigit(byte & 15)]
            default: line.append(byte)
            }
        }
        line.append(UInt8(ascii: "\""))
    }

    /// The bytes of `text`, at most `max` of them and never half a character, with an ellipsis when cut.
    static func cut(_ text: String, to max: Int) -> [UInt8] {
        guard text.utf8.count > max else { return Array(text.utf8) }
        var bytes = Array(text.utf8.prefix(max + 1))
        // The byte after the cut tells whether the cut is between two characters.
        while let next = bytes.popLast(), next & 0b1100_0000 == 0b1000_0000 {}
        return bytes + Array("…".utf8)
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }
}
