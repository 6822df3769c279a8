// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// An event as NIP-01 describes it, taken from ``NaiveJSON``: what ``Event`` is compared with.
struct NaiveEvent: Equatable {
    var id: [UInt8]
    var pubkey: [UInt8]
    var createdAt: Int64
    var kind: Int64
    var tags: [[[UInt8]]]
    var content: [UInt8]
    var signature: [UInt8]

    private static let fields = ["id", "pubkey", "created_at", "kind", "tags", "content", "sig"]

    /// - Returns: `nil` for what must be refused.
    init?(_ json: NaiveJSON?) {
        guard let members = json?.members else { return nil }
        var fields: [String: NaiveJSON] = [:]
        for (name, value) in members {
            // Swift takes texts for equal that are spelt with other bytes; names are not.
            guard let field = Self.fields.first(where: { Array($0.utf8) == name }) else {
                guard value.depth <= CodecLimits.maxNesting else { return nil }
                continue
            }
            guard fields.updateValue(value, forKey: field) == nil else { return nil }
        }
        guard let id = fields["id"]?.digits(64), let pubkey = fields["pubkey"]?.digits(64),
            let createdAt = Self.number(fields["created_at"]),
            let kind = Self.number(fields["kind"]), kind <= 65_535,
            let tags = fields["tags"]?.elements.flatMap(Self.tags),
            let content = fields["content"]?.text?.meant, let signature = fields["sig"]?.digits(128)
        else { return nil }
        (self.id, self.pubkey, self.createdAt, self.kind) = (id, pubkey, createdAt, kind)
        (self.tags, self.content, self.signature) = (tags, content, signature)
    }

    /// What the codec has read.
    init(_ event: Event) {
        id = Array(event.id.hex.utf8)
        pubkey = Array(event.pubkey.hex.utf8)
        (createdAt, kind) = (event.createdAt.seconds, Int64(event.kind.rawValue))
        tags = event.tags.map { $0.elements.map(\.bytes) }
        content = event.contentBytes
        signature = Array(Hex.string(event.signatureBytes).utf8)
    }

    /// Not beyond 2^63 - 1.
    private static func number(_ json: NaiveJSON?) -> Int64? {
        guard let number = json?.plainNumber, case .number(let digits)? = json,
            Array(String(number).utf8) == digits
        else { return nil }
        return number
    }

    private static func tags(_ elements: [NaiveJSON]) -> [[[UInt8]]]? {
        let tags = elements.compactMap { tag -> [[UInt8]]? in
            guard let texts = tag.elements?.map(\.text), !texts.contains(where: { $0 == nil }) else {
                return nil
            }
            return texts.compactMap { $0?.meant }
        }
        return tags.count == elements.count ? tags : nil
    }
}
