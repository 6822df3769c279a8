// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// When each relay next needs attention; the first of all is at hand.
///
/// A binary heap that knows where in it each relay is.
struct Deadlines: Sendable {
    private var heap: [(at: Uptime, relay: RelayURL)] = []
    private var places: [RelayURL: Int] = [:]

    /// The earliest.
    var first: Uptime? { heap.first?.at }
    var count: Int { heap.count }

    /// - Complexity: O(log n) to set.
    subscript(relay: RelayURL) -> Uptime? {
        get { places[relay].map { heap[$0].at } }
        set {
            switch (places[relay], newValue) {
            case (let place?, let moment?):
                guard heap[place].at != moment else { return }
                heap[place].at = moment
                settle(place)
            case (let place?, nil): remove(place)
            case (nil, let moment?):
                heap.append((moment, relay))
                places[relay] = heap.count - 1
                settle(heap.count - 1)
            case (nil, nil): break
            }
        }
    }

    /// Takes out the relays whose moment has come.
    mutating func takeDue(by now: Uptime) -> [RelayURL] {
        var due: [RelayURL] = []
        while let next = heap.first, next.at <= now {
            due.append(next.relay)
            remove(0)
        }
        return due
    }

    private mutating func remove(_ place: Int) {
        exchange(place, heap.count - 1)
        places[heap.removeLast().relay] = nil
        if place < heap.count { settle(place) }
    }

    /// Moves what stands at this place to where it belongs.
    private mutating func settle(_ place: Int) {
        var place = place
        while place > 0, heap[place].at < heap[(place - 1) / 2].at {
            exchange(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
        while case let child = earliestChild(of: place), let child, heap[child].at < heap[place].at {
            exchange(place, child)
            place = child
        }
    }

    private func earliestChild(of place: Int) -> Int? {
        let left = 2 * place + 1
        guard left < heap.count else { return nil }
        return left + 1 < heap.count && heap[left + 1].at < heap[left].at ? left + 1 : left
    }

    private mutating func exchange(_ a: Int, _ b: Int) {
        guard a != b else { return }
        heap.swapAt(a, b)
        (places[heap[a].relay], places[heap[b].relay]) = (a, b)
    }
}
