// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The tags by which relays ask for what belongs to repositories (NIP-34): `a`, `A` and `q` hold their addresses, the `d` of a state
/// their identifier.
public enum GroupLetter: UInt8, CaseIterable, Sendable {
    case rootAddress = 0x41
    case address = 0x61
    case identifier = 0x64
    case quote = 0x71

    init?(_ letter: UInt8, of kind: Kind) {
        guard let known = GroupLetter(rawValue: letter), known != .identifier || kind == .repositoryState
        else {
            return nil
        }
        self = known
    }

    /// Whether a tag's value names a repository: `30617:` and so on, or any identifier.
    func names(_ value: Span<UInt8>) -> Bool {
        self == .identifier || Self.isRepository(value)
    }

    private static let prefix: [UInt8] = Array("30617:".utf8)

    /// Whether it is `30617:`, 64 lower-case digits, a colon and anything else.
    private static func isRepository(_ value: Span<UInt8>) -> Bool {
        let end = prefix.count + 64
        guard value.count > end, value[end] == UInt8(ascii: ":"), value.starts(with: prefix.span) else {
            return false
        }
        for index in prefix.count..<end {
            switch value[index] {
            case 0x30...0x39, 0x61...0x66: continue
            default: return false
            }
        }
        return true
    }

    /// The letter as text.
    public var text: String { String(UnicodeScalar(rawValue)) }
}
