// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What must be known of other things before a post becomes an event; the same of these gives the same event.
public struct Resolution: Hashable, Sendable {
    /// The events of posts that are mirrored. Of a post that was edited, the newest version's, under the numbers of all:
    /// X names conversations by the first version, whose own event is gone.
    public var events: [PostID: MirroredEvent] = [:]
    /// The keys of accounts: those of mirrors, or verified ones of the people themselves.
    public var keys: [UserID: PublicKey] = [:]
    /// Where copies of a medium are, by its key; the one to be shown first.
    public var copies: [String: [MediaCopy]] = [:]

    public init() {}

    /// With a relay for the events of which none is known.
    func lookedUp(at relay: String) -> Resolution {
        guard !relay.isEmpty else { return self }
        var known = self
        known.events = events.mapValues { event in
            var event = event
            if event.relay.isEmpty { event.relay = relay }
            if event.root?.relay.isEmpty == true { event.root?.relay = relay }
            return event
        }
        return known
    }
}

/// The event that a post became, as others refer to it.
public struct MirroredEvent: Hashable, Sendable {
    public var id: EventID
    public var pubkey: PublicKey
    public var kind: Kind
    /// Where to look for it; empty: nowhere is known.
    public var relay: String
    /// The signed event, for reposts; `nil` where it is not at hand or may not be handed on (NIP-70).
    public var json: [UInt8]?
    /// The beginning of the thread that it is in; `nil` when it begins one.
    public var root: ThreadRoot?

    public init(
        id: EventID, pubkey: PublicKey, kind: Kind = .textNote, relay: String = "", json: [UInt8]? = nil,
        root: ThreadRoot? = nil
    ) {
        (self.id, self.pubkey, self.kind, self.relay, self.json, self.root) = (
            id, pubkey, kind, relay, json, root
        )
    }

    public init(_ event: Event, relay: String) {
        self.init(
            id: event.id, pubkey: event.pubkey, kind: event.kind, relay: relay,
            json: event.isProtected ? nil : event.json, root: ThreadRoot(event))
    }

    var pointer: ThreadRoot { ThreadRoot(id: id, relay: relay, author: pubkey) }
}

/// The event that begins a thread (NIP-10).
public struct ThreadRoot: Hashable, Sendable {
    public var id: EventID
    public var relay: String
    public var author: PublicKey?

    public init(id: EventID, relay: String = "", author: PublicKey? = nil) {
        (self.id, self.relay, self.author) = (id, relay, author)
    }

    /// What an event's `e` tag with the marker `root` names; `nil` where there is none.
    init?(_ event: Event) {
        for tag in event.tags where tag.name == "e" && tag.elements.count > 3 && tag.elements[3] == "root" {
            guard let id = EventID(hex: tag.elements[1].string) else { continue }
            let author = tag.elements.count > 4 ? PublicKey(hex: tag.elements[4].string) : nil
            self.init(id: id, relay: tag.elements[2].string, author: author)
            return
        }
        return nil
    }
}

/// A copy of a medium that readers can fetch.
public struct MediaCopy: Hashable, Sendable, Codable {
    public var url: String
    /// 64 lower-case hexadecimal digits.
    public var sha256: String?
    /// **Bytes**.
    public var size: Int64?
    /// For example `image/jpeg`.
    public var type: String?
    /// **Pixels**.
    public var width: Int?
    public var height: Int?

    public init(
        url: String, sha256: String? = nil, size: Int64? = nil, type: String? = nil, width: Int? = nil,
        height: Int? = nil
    ) {
        (self.url, self.sha256, self.size, self.type) = (url, sha256, size, type)
        (self.width, self.height) = (width, height)
    }
}
