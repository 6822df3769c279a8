// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The questions as strfry writes them, and those that are ours.
enum PluginWords {
    /// One question about one event, with its line feed.
    static func line(asking event: Event, from source: IngestSource, receivedAt: Timestamp) -> [UInt8] {
        var line = Array(#"{"type":"new","event":"#.utf8)
        line.reserveCapacity(event.json.count + 256)
        line += event.json
        line += Array(#","receivedAt":\#(receivedAt.seconds)"#.utf8)
        append(source, author: event.pubkey, to: &line)
        line += Array("}\n".utf8)
        return line
    }

    /// One question about a request, with its line feed. Not of strfry's: it carries an `id` of its own for the answer.
    static func line(asking request: ReadRequest, as id: String) -> [UInt8] {
        var line = Array(#"{"type":"req","id":"\#(id)","filters":["#.utf8)
        for (index, filter) in request.filters.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            filter.appendJSON(to: &line)
        }
        line += Array(
            #"],"count":\#(request.purpose == .count),"receivedAt":\#(request.receivedAt.seconds)"#.utf8)
        append(.client(authenticated: request.keys, address: request.address), to: &line)
        let keys = request.keys.map { "\"\($0.hex)\"" }.joined(separator: ",")
        line += Array(",\"keys\":[\(keys)]}\n".utf8)
        return line
    }

    /// Where something comes from, and who showed a key: the author's own if that is among them.
    static func append(_ source: IngestSource, author: PublicKey? = nil, to line: inout [UInt8]) {
        let (type, info, authenticated) = origin(of: source, author: author)
        line += Array(#","sourceType":"\#(type)","sourceInfo":"#.utf8)
        JSONText.appendQuoted(info, to: &line)
        if let authenticated { line += Array(#","authed":"\#(authenticated.hex)""#.utf8) }
    }

    private static func origin(
        of source: IngestSource, author: PublicKey?
    ) -> (type: String, info: String, authenticated: PublicKey?) {
        switch source {
        case .client(let keys, let address, _):
            let key = author.flatMap { keys.contains($0) ? $0 : nil } ?? keys.first
            return (address?.isV4 == false ? "IP6" : "IP4", address?.description ?? "", key)
        case .upstream(let relay): return ("Sync", relay.text, nil)
        case .stream(_, let relay): return ("Stream", relay.text, nil)
        case .importer: return ("Import", "", nil)
        case .bridge, .operator: return ("Stored", "", nil)
        }
    }
}
