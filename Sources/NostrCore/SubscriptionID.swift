// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A subscription's name on one connection: 1 … 64 **characters** (NIP-01), compared byte by byte.
public struct SubscriptionID: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let text: TagValue

    public init(_ text: TagValue) { self.text = text }
    public init(stringLiteral text: String) { self.text = TagValue(text) }

    public var description: String { text.string }
}
