// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NIOConcurrencyHelpers
import Synchronization

/// Whoever is asked about every request, if anybody is; another at any time.
final class ReadGate: Sendable {
    private let current = NIOLockedValueBox<(any ReadPolicy)?>(nil)
    private let isOn = Atomic<Bool>(false)

    /// Whether anybody is asked. Looked at for every message, so it costs one load.
    var isGuarded: Bool { isOn.load(ordering: .relaxed) }
    var policy: (any ReadPolicy)? { current.withLockedValue { $0 } }

    func adopt(_ policy: (any ReadPolicy)?) {
        current.withLockedValue { current in
            current = policy
            isOn.store(policy != nil, ordering: .relaxed)
        }
    }
}
