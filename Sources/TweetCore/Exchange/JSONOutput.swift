// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// JSON while it is written: members in the order in which they are given; those that are `nil` are left out.
public struct JSONOutput: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var isFirst = true

    private init() {}

    public static func object(_ write: (inout JSONOutput) -> Void) -> [UInt8] {
        var output = JSONOutput()
        output.bytes.append(UInt8(ascii: "{"))
        write(&output)
        output.bytes.append(UInt8(ascii: "}"))
        return output.bytes
    }

    public static func array(_ elements: [[UInt8]]) -> [UInt8] {
        Array("[".utf8) + elements.joined(separator: Array(",".utf8)) + Array("]".utf8)
    }

    public static func string(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONText.appendQuoted(text, to: &bytes)
        return bytes
    }

    /// A member that is JSON already.
    public mutating func member(_ name: String, json: [UInt8]?) {
        guard let json else { return }
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        JSONText.appendQuoted(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        bytes += json
    }

    public mutating func member(_ name: String, _ text: String?) {
        member(name, json: text.map(Self.string))
    }
    public mutating func member(_ name: String, _ number: Int?) {
        member(name, json: number.map { Array(String($0).utf8) })
    }
    public mutating func member(_ name: String, _ flag: Bool?) {
        member(name, json: flag.map { Array(($0 ? "true" : "false").utf8) })
    }
    public mutating func member(_ name: String, _ texts: [String]) {
        if !texts.isEmpty { member(name, json: Self.array(texts.map(Self.string))) }
    }
    /// A moment in **milliseconds** since 1970, as X writes it.
    public mutating func member(_ name: String, at moment: Int64?) {
        member(name, moment.map { UTCMoment.text($0) })
    }
    /// A moment as MongoDB's tools write and read it (extended JSON, relaxed).
    public mutating func member(_ name: String, date moment: Int64?) {
        guard let moment else { return }
        member(name, json: Self.object { $0.member("$date", at: moment) })
    }
    /// An object that may turn out to have nothing in it: then it is left out.
    public mutating func member(_ name: String, object write: (inout JSONOutput) -> Void) {
        let json = Self.object(write)
        if json.count > 2 { member(name, json: json) }
    }
}
