// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Where a replaceable or addressable event lives: `kind:pubkey:identifier` (NIP-01, `a` tags).
///
/// Split at the first two colons only: an identifier may hold `:`, `/`, `%`, anything.
public struct EventAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let kind: Kind
    public let pubkey: PublicKey
    /// The `d` tag's value; empty for plain replaceables.
    public let identifier: TagValue

    public init(kind: Kind, pubkey: PublicKey, identifier: TagValue) {
        self.kind = kind
        self.pubkey = pubkey
        self.identifier = identifier
    }

    /// Reads `kind:pubkey:identifier`: a plain decimal kind and a lower-case key.
    ///
    /// - Returns: `nil` for anything else.
    public init?(_ text: TagValue) {
        let parts = text.bytes.split(
            separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let kind = Self.kind(parts[0]), let key = Hex.decode32(Array(parts[1]).span)
        else { return nil }
        self.init(kind: kind, pubkey: PublicKey(key), identifier: TagValue(bytes: Array(parts[2])))
    }

    /// `kind:pubkey:identifier`.
    public var text: TagValue {
        TagValue(bytes: Array("\(kind):\(pubkey.hex):".utf8) + identifier.bytes)
    }
    public var description: String { text.string }

    public static func < (a: EventAddress, b: EventAddress) -> Bool {
        (a.kind, a.pubkey, a.identifier) < (b.kind, b.pubkey, b.identifier)
    }

    private static func kind(_ digits: ArraySlice<UInt8>) -> Kind? {
        guard (1...5).contains(digits.count), digits.first != UInt8(ascii: "0") || digits.count == 1 else {
            return nil
        }
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return UInt16(exactly: value).map { Kind($0) }
    }
}
