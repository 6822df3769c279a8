// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The seven fields of an event (NIP-01), one bit each.
enum EventField: UInt8 {
    case id = 1
    case pubkey = 2
    case createdAt = 4
    case kind = 8
    case tags = 16
    case content = 32
    case signature = 64

    static let all: UInt8 = 127

    /// - Returns: `nil` for any other name. A name may be written with escapes.
    @inline(__always)
    init?(_ key: ScannedString, in json: Span<UInt8>) {
        let start = key.range.lowerBound
        guard !key.hasEscapes, start + 8 <= json.count else {
            self.init(slowly: key, in: json)
            return
        }
        // The name's first eight bytes as a number, the first lowest.
        let count = key.range.count
        let word = JSONScanner.word(in: json, at: start)
        switch count {
        case 2 where word & 0xFFFF == 0x6469: self = .id
        case 3 where word & 0xFF_FFFF == 0x67_6973: self = .signature
        case 4 where word & 0xFFFF_FFFF == 0x646E_696B: self = .kind
        case 4 where word & 0xFFFF_FFFF == 0x7367_6174: self = .tags
        case 6 where word & 0xFFFF_FFFF_FFFF == 0x7965_6B62_7570: self = .pubkey
        case 7 where word & 0xFF_FFFF_FFFF_FFFF == 0x74_6E65_746E_6F63: self = .content
        case 10 where word == 0x5F64_6574_6165_7263 && json[start + 8] == 0x61 && json[start + 9] == 0x74:
            self = .createdAt
        default: return nil
        }
    }

    private init?(slowly key: ScannedString, in json: Span<UInt8>) {
        switch JSONText.unescaped(json, key.range) {
        case Array("id".utf8): self = .id
        case Array("pubkey".utf8): self = .pubkey
        case Array("created_at".utf8): self = .createdAt
        case Array("kind".utf8): self = .kind
        case Array("tags".utf8): self = .tags
        case Array("content".utf8): self = .content
        case Array("sig".utf8): self = .signature
        default: return nil
        }
    }
}
