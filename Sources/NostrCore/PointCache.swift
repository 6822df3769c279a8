// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CSecp256k1

/// Keys whose point on the curve was found lately: finding it is an eighth of a signature's check.
///
/// One a thread. Each key has one slot, and the newer of two keys takes it.
public struct PointCache: Sendable {
    private var keys: [PublicKey?]
    private var points: [secp256k1_xonly_pubkey]

    /// - Parameter slots: keys that are remembered, about 100 **bytes** each.
    public init(slots: Int = 4_096) {
        precondition(slots > 0, "a cache has room")
        keys = Array(repeating: nil, count: slots)
        points = Array(repeating: secp256k1_xonly_pubkey(), count: slots)
    }

    /// The key's point, from here or as `find` makes it; what has none is not remembered.
    mutating func point(
        of key: PublicKey, find: (PublicKey) -> secp256k1_xonly_pubkey?
    ) -> secp256k1_xonly_pubkey? {
        let slot = Int(key.bytes.words.3 % UInt64(keys.count))
        if keys[slot] == key { return points[slot] }
        guard let point = find(key) else { return nil }
        keys[slot] = key
        points[slot] = point
        return point
    }
}
