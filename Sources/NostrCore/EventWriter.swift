// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Puts the pieces of an event together as canonical JSON (see ``EventLayout``).
struct EventWriter {
    private(set) var json: [UInt8] = []
    private var tagsStart = 0
    private var tagsEnd = 0

    /// Everything before the tags.
    init(id: EventID, pubkey: PublicKey, createdAt: Timestamp, kind: Kind, capacity: Int) {
        json.reserveCapacity(capacity)
        json.append(contentsOf: "{\"id\":\"".utf8)
        Hex.append(id.bytes.bytes, to: &json)
        json.append(contentsOf: "\",\"pubkey\":\"".utf8)
        Hex.append(pubkey.bytes.bytes, to: &json)
        json.append(contentsOf: "\",\"created_at\":\(createdAt),\"kind\":\(kind),\"tags\":".utf8)
        self.id = id
        self.pubkey = pubkey
        self.createdAt = createdAt
        self.kind = kind
        tagsStart = json.count
    }

    private let id: EventID
    private let pubkey: PublicKey
    private let createdAt: Timestamp
    private let kind: Kind

    /// Appends the tags, brackets included, and what follows them.
    mutating func tags(_ append: (inout [UInt8]) -> Void) {
        append(&json)
        tagsEnd = json.count
        json.append(contentsOf: ",\"content\":".utf8)
    }

    /// Appends the content with its quotes, then the signature's 128 digits.
    consuming func finish(
        content append: (inout [UInt8]) -> Void, signature: (inout [UInt8]) -> Void
    ) -> Event {
        let contentStart = json.count
        append(&json)
        let layout = EventLayout(
            createdAt: createdAt, kind: kind, tagsStart: tagsStart, tagsEnd: tagsEnd,
            contentStart: contentStart, contentEnd: json.count)
        json.append(contentsOf: ",\"sig\":\"".utf8)
        signature(&json)
        json.append(contentsOf: "\"}".utf8)
        return Event(id: id, pubkey: pubkey, layout: layout, json: json)
    }
}
