// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Repositories that are followed though they do not list this service (GRASP-05).
public enum ArchivePattern: Sendable, Hashable, CustomStringConvertible {
    /// `*`
    case everything
    /// `npub…`
    case owner(PublicKey)
    /// `npub…/identifier`
    case repository(PublicKey, TagValue)
    /// `identifier`, whoever owns it
    case identifier(TagValue)

    /// Reads one of the four forms.
    ///
    /// What begins with `npub1` is a key and nothing else; what follows its first slash is the identifier.
    /// - Returns: `nil` for empty text and for a key that does not decode.
    public init?(_ text: String) {
        if text.isEmpty { return nil }
        guard text != "*" else {
            self = .everything
            return
        }
        guard text.hasPrefix("npub1") else {
            self = .identifier(TagValue(text))
            return
        }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard case .npub(let key)? = NIP19Entity(bech32: String(parts[0])) else { return nil }
        guard parts.count == 2 else {
            self = .owner(key)
            return
        }
        if parts[1].isEmpty { return nil }
        self = .repository(key, TagValue(parts[1]))
    }

    /// Whether the repository announced at `address` is meant.
    public func matches(_ address: EventAddress) -> Bool {
        guard address.kind == .repositoryAnnouncement else { return false }
        return switch self {
        case .everything: true
        case .owner(let key): address.pubkey == key
        case .repository(let key, let identifier):
            address.pubkey == key && address.identifier == identifier
        case .identifier(let identifier): address.identifier == identifier
        }
    }

    /// The text it was read from.
    public var description: String {
        switch self {
        case .everything: "*"
        case .owner(let key): NIP19Entity.npub(key).bech32 ?? key.hex
        case .repository(let key, let identifier): "\(NIP19Entity.npub(key).bech32 ?? key.hex)/\(identifier)"
        case .identifier(let identifier): identifier.string
        }
    }
}
