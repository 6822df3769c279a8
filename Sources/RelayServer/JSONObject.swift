// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Writes one JSON object, field by field, in the order given.
struct JSONObject {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    mutating func add(_ name: String, _ text: String) {
        begin(name)
        JSONText.appendQuoted(text, to: &bytes)
    }

    /// Leaves an empty text out.
    mutating func addUnlessEmpty(_ name: String, _ text: String) {
        if !text.isEmpty { add(name, text) }
    }

    mutating func add(_ name: String, _ number: Int64) {
        begin(name)
        bytes += Array(String(number).utf8)
    }

    /// To four places; what is no number is told as 0.
    mutating func add(_ name: String, _ number: Double) {
        begin(name)
        let rounded = number.isFinite ? (number * 10_000).rounded() / 10_000 : 0
        bytes += Array("\(Int64(exactly: rounded).map(String.init) ?? String(rounded))".utf8)
    }

    mutating func add(_ name: String, _ flag: Bool) {
        begin(name)
        bytes += Array((flag ? "true" : "false").utf8)
    }

    mutating func add(_ name: String, _ numbers: [Int]) {
        begin(name)
        bytes += Array("[\(numbers.map(String.init).joined(separator: ","))]".utf8)
    }

    mutating func add(_ name: String, texts: [String]) {
        begin(name)
        bytes += Self.list(texts.map(Self.quoted))
    }

    mutating func add(_ name: String, _ object: JSONObject) {
        begin(name)
        bytes += object.text
    }

    mutating func add(_ name: String, _ objects: [JSONObject]) {
        begin(name)
        bytes += Self.list(objects.map(\.text))
    }

    /// `[…]` of what is JSON already.
    static func list(_ values: [[UInt8]]) -> [UInt8] {
        [UInt8(ascii: "[")] + values.joined(separator: CollectionOfOne(UInt8(ascii: ","))) + [
            UInt8(ascii: "]")
        ]
    }

    /// `"…"`.
    static func quoted(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONText.appendQuoted(text, to: &bytes)
        return bytes
    }

    var text: [UInt8] { bytes + [UInt8(ascii: "}")] }

    private mutating func begin(_ name: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        JSONText.appendQuoted(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }
}
