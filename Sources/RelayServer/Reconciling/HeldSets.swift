// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import RelayTransport

/// What the sets of all reconciliations take, so that nobody can have all the room there is.
final class HeldSets: Sendable {
    private struct State {
        var count = 0
        var bytes = 0
        var byAccount: [AddressKey: Int] = [:]
    }

    private let state = NIOLockedValueBox(State())
    /// **Bytes** for all of them.
    let limit: Int
    /// **Bytes** for those of one address.
    let share: Int

    init(limit: Int, addresses: Int) {
        self.limit = limit
        share = limit / max(1, addresses)
    }

    /// Sets that are there, or being read.
    var count: Int { state.withLockedValue(\.count) }
    /// **Bytes** they take.
    var bytes: Int { state.withLockedValue(\.bytes) }

    func opened() { state.withLockedValue { $0.count += 1 } }

    /// One of them goes from `old` bytes to `new` ones.
    ///
    /// - Parameter account: `nil` for an address that may have all the room.
    /// - Returns: whether there is room for it; nothing has changed otherwise.
    func change(from old: Int, to new: Int, of account: AddressKey?) -> Bool {
        state.withLockedValue { state in
            let bytes = state.bytes - old + new
            let own = account.map { (state.byAccount[$0] ?? 0) - old + new } ?? 0
            if new > old, bytes > limit || own > share { return false }
            state.bytes = bytes
            if let account { state.byAccount[account] = own == 0 ? nil : own }
            return true
        }
    }

    /// One that took so many bytes is no more.
    func closed(_ bytes: Int, of account: AddressKey?) {
        _ = change(from: bytes, to: 0, of: account)
        state.withLockedValue { $0.count -= 1 }
    }
}
