// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A Nostr event in its canonical bytes (NIP-01).
///
/// A value of this type is well formed: its JSON is canonical (see ``EventLayout``), its numbers are in
/// range. Whether its id and signature are *true* is another question: see ``hasTrueID()`` and
/// ``hasTrueSignature(using:)``.
public struct Event: Sendable {
    public let id: EventID
    public let pubkey: PublicKey
    public let layout: EventLayout
    /// The canonical JSON: sent as it is stored.
    public let json: [UInt8]

    /// For the codec and the store, whose bytes are canonical already.
    public init(id: EventID, pubkey: PublicKey, layout: EventLayout, json: [UInt8]) {
        self.id = id
        self.pubkey = pubkey
        self.layout = layout
        self.json = json
    }

    public var createdAt: Timestamp { layout.createdAt }
    public var kind: Kind { layout.kind }
}

extension Event: Hashable {
    /// Two events are the same when every byte is.
    public static func == (a: Event, b: Event) -> Bool { a.id == b.id && a.json == b.json }
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
