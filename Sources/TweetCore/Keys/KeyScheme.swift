// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How the key of a mirrored account follows from the mnemonic. Changing it changes every mirror's key.
public enum KeyScheme: String, Hashable, Sendable, Codable, CaseIterable {
    /// `m/44'/1237'/a'/b'/c'`, where *a*, *b* and *c* are the account's number in pieces of 31 bits, the highest
    /// first: two accounts never share a key, no table is needed, and a key that is handed over tells
    /// nothing of its siblings.
    case nip06ID = "nip06-id"
    /// That of nostrweet, for mirrors that were begun with it: 31 bits of a hash choose the key, so of
    /// 54,562 accounts two share one as likely as not.
    case nostrweet
    /// `m/44'/1237'/n'/0/0` (NIP-06), where *n* counts accounts and must be kept somewhere.
    case nip06Index = "nip06-index"

    /// Whether ``KeyRing/key(of:index:)`` needs a number.
    public var needsIndex: Bool { self == .nip06Index }
}
