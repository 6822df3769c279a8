// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOHTTP1
import NostrCore

/// What a path means to the Blossom server.
enum BlobPath: Hashable {
    /// `/<sha256>`, with whatever ending.
    case blob(Bytes32)
    case upload
    case mirror
    /// `/list/<pubkey>`; `nil` for what is no key.
    case list(PublicKey?)

    /// - Returns: `nil` for a path that means nothing to it.
    init?(_ path: String) {
        switch path {
        case "/upload": self = .upload
        case "/mirror": self = .mirror
        default:
            if path.hasPrefix("/list/") {
                self = .list(PublicKey(hex: String(path.dropFirst(6))))
                return
            }
            let name = path.utf8.dropFirst()
            guard path.utf8.first == UInt8(ascii: "/"), name.count >= 64,
                let hash = Hex.decode32(Array(name.prefix(64)).span), Self.isEnding(name.dropFirst(64))
            else { return nil }
            self = .blob(hash)
        }
    }

    /// Nothing, or a dot and a short name.
    private static func isEnding(_ ending: some Collection<UInt8>) -> Bool {
        guard let first = ending.first else { return true }
        let name = ending.dropFirst()
        return first == UInt8(ascii: ".") && (1...16).contains(name.count)
            && name.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 0x2E
            }
    }

    var methods: [HTTPMethod] {
        switch self {
        case .blob: [.GET, .HEAD, .DELETE]
        case .upload: [.PUT, .HEAD]
        case .mirror: [.PUT]
        case .list: [.GET, .HEAD]
        }
    }
}
