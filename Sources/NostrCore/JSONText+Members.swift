// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension JSONText {
    /// One member of an object.
    package struct Member {
        /// Its value when that is a string.
        package var text: String?
    }

    /// The members of a text that is one JSON object; of equal names the last.
    ///
    /// - Returns: `nil` for anything else.
    package static func members(of json: Span<UInt8>) -> [String: Member]? {
        var scanner = JSONScanner(json)
        do throws(JSONError) { return try members(&scanner, of: json) } catch { return nil }
    }

    private static func text(_ string: ScannedString, in json: Span<UInt8>) -> String {
        String(decoding: unescaped(json, string.range), as: UTF8.self)
    }

    private static func members(
        _ scanner: inout JSONScanner, of json: Span<UInt8>
    ) throws(JSONError) -> [String: Member] {
        var members: [String: Member] = [:]
        try scanner.expect(UInt8(ascii: "{"), in: json, or: "an object was expected")
        var goesOn = !scanner.take(UInt8(ascii: "}"), in: json)
        while goesOn {
            let name = text(try scanner.string(in: json), in: json)
            try scanner.expect(UInt8(ascii: ":"), in: json, or: "a colon is missing")
            var value: String?
            if scanner.peek(in: json) == UInt8(ascii: "\"") {
                value = text(try scanner.string(in: json), in: json)
            } else {
                try scanner.skipValue(in: json)
            }
            members[name] = Member(text: value)
            goesOn = try scanner.another(before: UInt8(ascii: "}"), in: json)
        }
        try scanner.expectEnd(in: json)
        return members
    }
}
