// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

extension RepoSyncIndex {
    /// The repositories with most roots, those met first among equals.
    ///
    /// - Complexity: O(n) in all but unlucky orders, where n is the number of repositories.
    func largest(_ count: Int) -> [PlanSnapshot.Repository] {
        typealias Place = (roots: Int, number: ItemNumber, address: EventAddress)
        func precedes(_ a: Place, _ b: Place) -> Bool { (b.roots, a.number) < (a.roots, b.number) }
        var places: [Place] = []
        for (address, entry) in entries where count > 0 {
            let place = (entry.items.count(of: .root), entry.number, address)
            if places.count == count {
                guard let last = places.last, precedes(place, last) else { continue }
                places.removeLast()
            }
            let index = places.firstIndex { precedes(place, $0) } ?? places.count
            places.insert(place, at: index)
        }
        return places.compactMap { place in
            entries[place.address].map {
                PlanSnapshot.Repository(
                    address: place.address, announcement: $0.announcement, relays: $0.relays.sorted(),
                    roots: place.roots)
            }
        }
    }
}
