// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore

extension ConfigKeys {
    static let store: [ConfigKey] = [
        .number("store.map_size_gib", \.store.mapSizeGiB, in: 0.001...65_536)
            .about("How large the store may grow: address space, not disk."),
        .choice("store.durability", \.store.durability)
            .about(
                "`sync`: OK means on disk. `relaxed`, for imports: a power cut may cost acknowledged events."
            ),
        .list(
            "store.negentropy_trees", \.store.trees, max: NegentropyTree.most, show: \.canonicalJSON,
            parse: tree
        )
        .about(
            "Filters whose sums are kept, so that others reconcile them (NIP-77) at once, whatever their `since` and `until`; each costs every write a little, and a change makes all anew."
        ),
        .flag("store.negentropy_by_address", \.store.keepsGroups)
            .about(
                "Whether sums are kept of what belongs to repositories, so that filters of their addresses (`#a`, `#A`, `#q`, or kind 30618 with `#d`) are reconciled at once, whichever they name; turned on, they are made in small steps."
            ),
    ]

    @Sendable private static func tree(_ text: String) throws(ConfigProblem) -> Filter {
        let filter: Filter
        do { filter = try Filter.parse(Array(text.utf8)) } catch {
            throw ConfigProblem(
                "must hold Nostr filters as JSON, not \(ConfigKey.shown(text)): \(error.text)")
        }
        guard filter.since == nil, filter.until == nil, filter.limit == nil, filter.search == nil else {
            throw ConfigProblem(
                "takes no since, until, limit or search: \(ConfigKey.shown(text)); any span of time is served from one tree"
            )
        }
        return filter
    }
}
