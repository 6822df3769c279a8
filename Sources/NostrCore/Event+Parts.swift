// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Event {
    /// Decoded copies; walks and allocates, so hot paths use ``TagScanner``.
    public var tags: [Tag] { fatalError("not written yet") }
    /// Unescaped.
    public var content: String { fatalError("not written yet") }
    /// The 64 bytes of the signature.
    public var signatureBytes: [UInt8] { fatalError("not written yet") }
    /// The first value of the first tag of that name; `nil` when there is no such tag or it has no value.
    public func firstValue(of name: TagValue) -> TagValue? { fatalError("not written yet") }
    /// The first `d` tag's value, or empty.
    public var identifier: TagValue { firstValue(of: "d") ?? "" }
    /// Where it lives; `nil` unless its kind is replaceable or addressable.
    public var address: EventAddress? {
        if kind.isAddressable { return EventAddress(kind: kind, pubkey: pubkey, identifier: identifier) }
        return kind.isReplaceable ? EventAddress(kind: kind, pubkey: pubkey, identifier: "") : nil
    }
    /// When it expires (NIP-40); `nil` when absent or not a plain number.
    public var expiration: Timestamp? { fatalError("not written yet") }
    /// Whether it carries `["-"]` (NIP-70).
    public var isProtected: Bool { fatalError("not written yet") }
}
