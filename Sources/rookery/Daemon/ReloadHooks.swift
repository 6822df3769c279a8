// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers

/// What is told of settings that changed while the daemon runs.
final class ReloadHooks: Sendable {
    private let hooks = NIOLockedValueBox<[@Sendable (Settings) -> Void]>([])

    /// Calls `hook` with what runs from then on, after every reload that changed something.
    func add(_ hook: @escaping @Sendable (Settings) -> Void) { hooks.withLockedValue { $0.append(hook) } }

    func call(_ settings: Settings) {
        for hook in hooks.withLockedValue({ $0 }) { hook(settings) }
    }
}
