// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What `/.well-known/nostr.json` answers for a name (NIP-05).
public enum NIP05Document {
    /// - Parameter relays: where the key's events are.
    /// - Returns: JSON; without any names when there is no such name.
    public static func json(name: String, key: PublicKey?, relays: [RelayURL]) -> [UInt8] {
        guard let key else { return Array(#"{"names":{}}"#.utf8) }
        var json = Array(#"{"names":{"#.utf8)
        JSONText.appendQuoted(name, to: &json)
        json += Array(":\"\(key)\"},\"relays\":{\"\(key)\":[".utf8)
        for (place, relay) in relays.enumerated() {
            if place > 0 { json.append(UInt8(ascii: ",")) }
            JSONText.appendQuoted(relay.text, to: &json)
        }
        json += Array("]}}".utf8)
        return json
    }
}

/// One JSON object of texts and truths, in the order in which they are added.
struct JSONFields {
    private var json: [UInt8] = []

    /// Leaves out what is not there.
    mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        append(name)
        JSONText.appendQuoted(value, to: &json)
    }

    mutating func add(_ name: String, _ value: Bool) {
        append(name)
        json += Array((value ? "true" : "false").utf8)
    }

    private mutating func append(_ name: String) {
        json.append(UInt8(ascii: json.isEmpty ? "{" : ","))
        JSONText.appendQuoted(name, to: &json)
        json.append(UInt8(ascii: ":"))
    }

    var text: String { json.isEmpty ? "{}" : String(decoding: json, as: UTF8.self) + "}" }
}
