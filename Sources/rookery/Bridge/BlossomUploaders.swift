// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore

/// Whose blobs the port takes: of the keys that the configuration names, as it is now.
final class BlossomUploaders: Sendable {
    private struct Keys {
        var admins: Set<PublicKey> = []
        var others: Set<PublicKey> = []
    }

    private let keys = NIOLockedValueBox(Keys())

    func adopt(_ settings: Settings) {
        keys.withLockedValue {
            $0 = Keys(admins: settings.admins, others: Set(settings.bridge.blossom.uploaders))
        }
    }

    @Sendable func mayUpload(_ key: PublicKey) -> Bool {
        keys.withLockedValue { $0.admins.contains(key) || $0.others.contains(key) }
    }

    @Sendable func mayDeleteAll(_ key: PublicKey) -> Bool { keys.withLockedValue { $0.admins.contains(key) } }
}
