// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a NIP-19 text names.
public enum NIP19Entity: Hashable, Sendable {
    case npub(PublicKey)
    /// The 32 bytes of a secret key.
    case nsec(Bytes32)
    case note(EventID)
    case nprofile(PublicKey, relays: [String])
    case nevent(EventID, relays: [String], author: PublicKey?, kind: Kind?)
    case naddr(EventAddress, relays: [String])

    /// Reads `npub1…` and its kin, without a `nostr:` before it. Unknown fields are passed over.
    ///
    /// - Returns: `nil` for anything that is not valid NIP-19, bech32m included.
    public init?(bech32 text: String) {
        guard let (prefix, data) = Bech32.decode(text) else { return nil }
        switch prefix {
        case "npub", "nsec", "note":
            guard let bytes = Bytes32(data) else { return nil }
            self =
                prefix == "npub"
                ? .npub(PublicKey(bytes)) : prefix == "nsec" ? .nsec(bytes) : .note(EventID(bytes))
        case "nprofile", "nevent", "naddr":
            guard let fields = NIP19Fields(data) else { return nil }
            self.init(prefix, fields)
        default: return nil
        }
    }

    private init?(_ prefix: String, _ fields: NIP19Fields) {
        guard let special = fields.special else { return nil }
        switch prefix {
        case "nprofile":
            guard let key = Bytes32(special) else { return nil }
            self = .nprofile(PublicKey(key), relays: fields.relays)
        case "nevent":
            guard let id = Bytes32(special) else { return nil }
            self = .nevent(EventID(id), relays: fields.relays, author: fields.author, kind: fields.kind)
        default:
            guard let author = fields.author, let kind = fields.kind,
                String(validating: special, as: UTF8.self) != nil
            else { return nil }
            let address = EventAddress(kind: kind, pubkey: author, identifier: TagValue(bytes: special))
            self = .naddr(address, relays: fields.relays)
        }
    }

    /// The text, in lower case; `nil` when an identifier is longer than the 255 bytes that NIP-19 has room
    /// for, or the whole longer than ``CodecLimits/maxBech32Length``. Relays that do not fit are left out.
    public var bech32: String? {
        let text =
            switch self {
            case .npub(let key): Bech32.encode(prefix: "npub", key.bytes.bytes)
            case .nsec(let key): Bech32.encode(prefix: "nsec", key.bytes)
            case .note(let id): Bech32.encode(prefix: "note", id.bytes.bytes)
            case .nprofile(let key, let relays):
                Bech32.encode(
                    prefix: "nprofile", NIP19Fields(special: key.bytes.bytes, relays: relays).encoded)
            case .nevent(let id, let relays, let author, let kind):
                Bech32.encode(
                    prefix: "nevent",
                    NIP19Fields(special: id.bytes.bytes, relays: relays, author: author, kind: kind).encoded)
            case .naddr(let address, let relays):
                Bech32.encode(
                    prefix: "naddr",
                    NIP19Fields(
                        special: address.identifier.bytes, relays: relays, author: address.pubkey,
                        kind: address.kind
                    ).encoded)
            }
        if case .naddr(let address, _) = self, address.identifier.bytes.count > 255 { return nil }
        return text.utf8.count <= CodecLimits.maxBech32Length ? text : nil
    }
}

extension PublicKey {
    /// `npub1…` (NIP-19).
    public var npub: String { Bech32.encode(prefix: "npub", bytes.bytes) }

    /// Reads `npub1…` or 64 hexadecimal digits in either case, as people type keys.
    public init?(anyForm text: String) {
        if let key = PublicKey(hex: text.lowercased()) {
            self = key
        } else if case .npub(let key)? = NIP19Entity(bech32: text) {
            self = key
        } else {
            return nil
        }
    }
}

extension EventID {
    /// Reads `note1…` or 64 hexadecimal digits in either case, as people type ids.
    public init?(anyForm text: String) {
        if let id = EventID(hex: text.lowercased()) {
            self = id
        } else if case .note(let id)? = NIP19Entity(bech32: text) {
            self = id
        } else {
            return nil
        }
    }
}
