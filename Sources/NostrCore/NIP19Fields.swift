// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The type-length-value fields of a NIP-19 text.
struct NIP19Fields {
    /// Type 0: an id, a key or an identifier.
    var special: [UInt8]?
    /// Type 1.
    var relays: [String] = []
    /// Type 2.
    var author: PublicKey?
    /// Type 3.
    var kind: Kind?

    init(special: [UInt8], relays: [String], author: PublicKey? = nil, kind: Kind? = nil) {
        self.special = special
        self.relays = relays
        self.author = author
        self.kind = kind
    }

    /// The first field of a type counts, but for relays; unknown types are passed over.
    ///
    /// - Returns: `nil` when a field is cut short, or an author or a kind has a wrong size.
    init?(_ data: [UInt8]) {
        var rest = data[...]
        while let type = rest.popFirst() {
            guard let length = rest.popFirst(), rest.count >= length else { return nil }
            let value = Array(rest.prefix(Int(length)))
            rest = rest.dropFirst(Int(length))
            switch type {
            case 0: special = special ?? value
            case 1: if let relay = String(validating: value, as: UTF8.self) { relays.append(relay) }
            case 2:
                guard let key = Bytes32(value) else { return nil }
                author = author ?? PublicKey(key)
            case 3:
                guard value.count == 4, value[0] == 0, value[1] == 0 else { return nil }
                kind = kind ?? Kind(UInt16(value[2]) << 8 | UInt16(value[3]))
            default: break
            }
        }
    }

    var encoded: [UInt8] {
        var output: [UInt8] = []
        func append(_ type: UInt8, _ value: [UInt8]) {
            guard value.count <= 255 else { return }
            output.append(type)
            output.append(UInt8(value.count))
            output.append(contentsOf: value)
        }
        append(0, special ?? [])
        for relay in relays { append(1, Array(relay.utf8)) }
        if let author { append(2, author.bytes.bytes) }
        if let kind { append(3, [0, 0, UInt8(kind.rawValue >> 8), UInt8(kind.rawValue & 255)]) }
        return output
    }
}
