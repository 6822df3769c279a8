// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import SyncPlanner

/// How control messages are written: one line each.
enum ControlCoding {
    static func line(_ message: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let fallback = Data(#"{"error":"the answer cannot be written","version":1}"#.utf8)
        let data = (try? encoder.encode(message)) ?? fallback
        return escaped(Array(data)) + [UInt8(ascii: "\n")]
    }

    /// Writes as `\uXXXX` what a terminal would obey or not show: what upstreams say may stand in an answer, and an
    /// operator may look at it as it is. Outside of strings JSON has nothing of the kind.
    static func escaped(_ json: [UInt8]) -> [UInt8] {
        guard json.contains(where: { $0 >= 0x7F }) else { return json }
        var output: [UInt8] = []
        output.reserveCapacity(json.count)
        for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
            if UpstreamWords.isPrintable(scalar) {
                output += UTF8.encode(scalar).map(Array.init) ?? []
            } else {
                for unit in String(scalar).utf16 {
                    let hex = String(unit, radix: 16)
                    output += Array("\\u\(String(repeating: "0", count: 4 - hex.count))\(hex)".utf8)
                }
            }
        }
        return output
    }

    static func read<Message: Decodable>(_ type: Message.Type, _ line: [UInt8]) -> Message? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try? decoder.decode(type, from: Data(line))
    }
}
