// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An event that nobody has signed yet (NIP-01).
public struct UnsignedEvent: Sendable, Hashable {
    public var pubkey: PublicKey
    public var createdAt: Timestamp
    public var kind: Kind
    public var tags: [Tag]
    public var content: String

    public init(pubkey: PublicKey, createdAt: Timestamp, kind: Kind, tags: [Tag] = [], content: String = "") {
        self.pubkey = pubkey
        self.createdAt = createdAt
        self.kind = kind
        self.tags = tags
        self.content = content
    }

    /// The hash of the NIP-01 pre-image.
    public var id: EventID {
        var json = Array("[0,\"\(pubkey.hex)\",\(createdAt),\(kind),".utf8)
        appendTags(to: &json)
        json.append(UInt8(ascii: ","))
        JSONText.appendQuoted(content, to: &json)
        json.append(UInt8(ascii: "]"))
        var image: [UInt8] = []
        JSONText.appendPreImage(of: json.span, to: &image)
        return EventID(SHA256.digest(image))
    }

    /// The signed event.
    ///
    /// - Parameter auxiliary: 32 bytes of chance; zeroes make the signature repeatable.
    /// - Precondition: `key` is the key of ``pubkey``.
    public func signed(by key: SecretKey, auxiliary: [UInt8] = [UInt8](repeating: 0, count: 32)) -> Event {
        precondition(key.publicKey == pubkey, "an event is signed by its author")
        let id = id
        return withSignature(key.sign(id.bytes, auxiliary: auxiliary), id: id)
    }

    /// The event with a signature of 64 bytes made elsewhere; neither it nor a given `id` is checked.
    public func withSignature(_ signature: [UInt8], id: EventID? = nil) -> Event {
        precondition(signature.count == 64, "a signature has 64 bytes")
        var writer = EventWriter(
            id: id ?? self.id, pubkey: pubkey, createdAt: createdAt, kind: kind,
            capacity: 400 + content.utf8.count)
        writer.tags { appendTags(to: &$0) }
        return writer.finish {
            JSONText.appendQuoted(content, to: &$0)
        } signature: {
            Hex.append(signature, to: &$0)
        }
    }

    private func appendTags(to json: inout [UInt8]) {
        json.append(UInt8(ascii: "["))
        for (index, tag) in tags.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json.append(UInt8(ascii: "["))
            for (index, element) in tag.elements.enumerated() {
                if index > 0 { json.append(UInt8(ascii: ",")) }
                JSONText.appendQuoted(element.bytes, to: &json)
            }
            json.append(UInt8(ascii: "]"))
        }
        json.append(UInt8(ascii: "]"))
    }
}
