// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import TweetCore

/// How the Blossom servers that were asked want tokens spelled.
final class BlossomManners: Sendable {
    private let spellings = NIOLockedValueBox<[String: Base64]>([:])
    /// Servers remembered; beyond it all are forgotten.
    private static let limit = 1_000

    subscript(server: String) -> Base64 {
        get { spellings.withLockedValue { $0[server] ?? .url } }
        set {
            spellings.withLockedValue { spellings in
                if spellings.count >= Self.limit { spellings = [:] }
                spellings[server] = newValue
            }
        }
    }
}
