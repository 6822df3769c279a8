// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension JSONText {
    /// One member of an object.
    package struct Member {
        /// Its value when that is a string.
        package var text: String?
        /// Where its value stands.
        package var range: Range<Int>
    }

    /// The members of a text that is one JSON object; of equal names the last.
    ///
    /// - Returns: `nil` for anything else.
    package static func members(of json: Span<UInt8>) -> [String: Member]? {
        var members: [String: Member] = [:]
        let isObject = walk(json) { name, text, range in
            members[self.text(name, in: json)] = Member(
                text: text.map { self.text($0, in: json) }, range: range)
        }
        return isObject ? members : nil
    }

    /// What some members of an object say, those that are strings; of equal names the last. Names are compared byte by byte: as
    /// `String`s, strangers could write such as take seconds to compare.
    ///
    /// - Returns: `nil` for anything but one JSON object.
    package static func texts(of json: Span<UInt8>, named names: [StaticString]) -> [[UInt8]?]? {
        var texts: [[UInt8]?] = Array(repeating: nil, count: names.count)
        let isObject = walk(json) { name, text, _ in
            guard let place = names.firstIndex(where: { $0.isSpelt(name, in: json) }) else { return }
            texts[place] = text.map { unescaped(json, $0.range) }
        }
        return isObject ? texts : nil
    }

    private static func text(_ string: ScannedString, in json: Span<UInt8>) -> String {
        String(decoding: unescaped(json, string.range), as: UTF8.self)
    }

    /// Reports each member's name, its value when that is a string, and where its value stands.
    ///
    /// - Returns: `false` for anything but one JSON object, however far it was understood.
    private static func walk(
        _ json: Span<UInt8>, _ report: (ScannedString, _ text: ScannedString?, Range<Int>) -> Void
    ) -> Bool {
        var scanner = JSONScanner(json)
        do throws(JSONError) {
            try scanner.expect(UInt8(ascii: "{"), in: json, or: "an object was expected")
            var goesOn = !scanner.take(UInt8(ascii: "}"), in: json)
            while goesOn {
                let name = try scanner.string(in: json)
                try scanner.expect(UInt8(ascii: ":"), in: json, or: "a colon is missing")
                var text: ScannedString?
                let start = scanner.position
                if scanner.peek(in: json) == UInt8(ascii: "\"") {
                    text = try scanner.string(in: json)
                } else {
                    try scanner.skipValue(in: json)
                }
                report(name, text, start..<scanner.position)
                goesOn = try scanner.another(before: UInt8(ascii: "}"), in: json)
            }
            try scanner.expectEnd(in: json)
            return true
        } catch { return false }
    }
}

extension StaticString {
    /// Whether a string of JSON says this, of ASCII alone, byte for byte.
    fileprivate func isSpelt(_ string: ScannedString, in json: Span<UInt8>) -> Bool {
        if string.hasEscapes { return isSpelt(JSONText.unescaped(json, string.range).span) }
        return isSpelt(json.extracting(string.range))
    }

    /// Whether bytes are these.
    func isSpelt(_ bytes: Span<UInt8>) -> Bool {
        guard utf8CodeUnitCount == bytes.count else { return false }
        for index in 0..<bytes.count where bytes[index] != utf8Start[index] { return false }
        return true
    }
}
