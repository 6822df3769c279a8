// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers

/// What is told of settings that changed while the daemon runs.
final class ReloadHooks: Sendable {
    /// Adds to what is said of a reload: takes what runs from then on and the keys that changed.
    typealias Remark = @Sendable (Settings, Set<String>) -> [String]

    private let hooks = NIOLockedValueBox<[@Sendable (Settings) -> Void]>([])
    private let remarks = NIOLockedValueBox<[Remark]>([])

    /// Calls `hook` with what runs from then on, after every reload that changed something.
    func add(_ hook: @escaping @Sendable (Settings) -> Void) { hooks.withLockedValue { $0.append(hook) } }

    /// Asks `remark` after every reload that changed something, when the hooks were called.
    func add(remark: @escaping Remark) { remarks.withLockedValue { $0.append(remark) } }

    func remarks(on settings: Settings, changed: Set<String>) -> [String] {
        remarks.withLockedValue { $0 }.flatMap { $0(settings, changed) }
    }

    func call(_ settings: Settings) {
        for hook in hooks.withLockedValue({ $0 }) { hook(settings) }
    }
}
