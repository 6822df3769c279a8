// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// JSON as MongoDB's tools write it, as plain JSON: numbers as numbers, moments as X writes them, object ids as texts
/// (MongoDB Extended JSON v2, canonical and relaxed, and the `$date` of v1).
enum ExtendedJSON {
    static func plain(_ value: JSONValue) -> [UInt8] {
        var output: [UInt8] = []
        append(value, isMoment: false, to: &output)
        return output
    }

    private static func append(_ value: JSONValue, isMoment: Bool, to output: inout [UInt8]) {
        let node = value.tree.nodes[value.index]
        switch node.kind {
        case .null, .yes, .no, .number: output += value.raw
        case .string, .escapedString:
            if isMoment, let text = value.text, let moment = UTCMoment.lenient(text) {
                output += JSONOutput.string(UTCMoment.text(moment))
                return
            }
            output.append(UInt8(ascii: "\""))
            output += value.tree.bytes[Int(node.start)..<Int(node.end)]
            output.append(UInt8(ascii: "\""))
        case .array:
            output.append(UInt8(ascii: "["))
            for (place, element) in value.elements.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                append(element, isMoment: false, to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object:
            let members = value.members
            if members.count == 1, let only = members.first, let scalar = scalar(only.name, only.value) {
                output += scalar
                return
            }
            output.append(UInt8(ascii: "{"))
            for (place, member) in members.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                // As it is spelt, escapes and all.
                output += "\"\(member.name)\":".utf8
                append(member.value, isMoment: member.name.hasSuffix("_at"), to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// What an object with one member means; `nil` for one that is just an object.
    private static func scalar(_ name: String, _ value: JSONValue) -> [UInt8]? {
        switch name {
        case "$oid": value.text.map(JSONOutput.string)
        case "$numberLong", "$numberInt": value.integer.map { Array(String($0).utf8) }
        case "$numberDouble", "$numberDecimal":
            value.spelt.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }.map {
                Array((Int(exactly: $0).map { String($0) } ?? String($0)).utf8)
            } ?? Array("null".utf8)
        case "$date":
            (value.integer ?? value["$numberLong"]?.integer).map { Int64($0) }
                .map { JSONOutput.string(UTCMoment.text($0)) }
                ?? value.text.flatMap { UTCMoment.lenient($0) }.map { JSONOutput.string(UTCMoment.text($0)) }
        default: nil
        }
    }
}
