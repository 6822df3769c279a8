// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Any number of ``AddressPrefix``es, asked at once.
public struct AddressPrefixSet: Hashable, Sendable {
    private var lengths: [Int: Set<NetworkAddress>] = [:]

    public init(_ prefixes: some Sequence<AddressPrefix> = []) {
        for prefix in prefixes { lengths[prefix.length, default: []].insert(prefix.first) }
    }

    public var isEmpty: Bool { lengths.isEmpty }

    /// - Complexity: one look-up for each length there is.
    public func contains(_ address: NetworkAddress) -> Bool {
        lengths.contains { length, firsts in firsts.contains(AddressPrefix(address, length: length).first) }
    }
}
