// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore

/// What owners call their repositories, of those that are shown; read from the store once for each announcement.
final class RepositoryNames: Sendable {
    private let read: @Sendable (EventID) -> Event?
    private let known = NIOLockedValueBox<[EventID: String]>([:])

    init(read: @escaping @Sendable (EventID) -> Event?) { self.read = read }

    /// By announcement; what is not asked for is forgotten.
    func names(of announcements: [EventID]) -> [EventID: String] {
        let before = known.withLockedValue { $0 }
        var names: [EventID: String] = [:]
        for id in announcements { names[id] = before[id] ?? name(id) }
        known.withLockedValue { $0 = names }
        return names
    }

    /// The `name` tag of NIP-34; empty without one.
    private func name(_ id: EventID) -> String? {
        read(id).map { event in event.tags.first { $0.name == "name" }?.value?.string ?? "" }
    }
}
