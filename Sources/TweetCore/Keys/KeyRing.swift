// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// The keys of all mirrored accounts: they follow from a seed, so none is kept.
public struct KeyRing: Sendable {
    public let scheme: KeyScheme
    private let seed: Seed
    /// `m/44'/1237'` (SLIP-44).
    private let nostr: ExtendedKey

    public init(_ scheme: KeyScheme, seed: Seed) {
        self.scheme = scheme
        self.seed = seed
        nostr = ExtendedKey(seed).hardened(44).hardened(1_237)
    }

    /// The key that signs what an account's mirror says; about 0.1 ms of work.
    ///
    /// - Parameter index: below 2^31 and another for each account; asked for by ``KeyScheme/nip06Index`` alone.
    /// - Returns: `nil` when the scheme needs an index and there is none.
    public func key(of user: UserID, index: UInt32? = nil) -> SecretKey? {
        switch scheme {
        case .nip06ID:
            let number = user.number
            return nostr.hardened(UInt32(number >> 62)).hardened(UInt32(number >> 31 & 0x7FFF_FFFF))
                .hardened(UInt32(number & 0x7FFF_FFFF)).key
        case .nostrweet: return nostrweetKey(of: user)
        case .nip06Index:
            guard let index, index < 1 << 31 else { return nil }
            return nostr.hardened(index).plain(0).plain(0).key
        }
    }

    /// The hash of the seed and of 31 bits of the hash of the account's number in decimal digits.
    private func nostrweetKey(of user: UserID) -> SecretKey {
        var account = Array(SHA256.digest(Array(user.description.utf8)).bytes[..<4])
        account[0] &= 0x7F
        guard let key = SecretKey(bytes: SHA256.digest(seed.secret.bytes + account).bytes) else {
            preconditionFailure("a hash that is no key is one in 2^127")
        }
        return key
    }
}
