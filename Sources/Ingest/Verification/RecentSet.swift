// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The last so many things that were put in; putting in one more forgets the oldest.
struct RecentSet<Element: Hashable> {
    let capacity: Int
    private var elements: Set<Element> = []
    private var ring: [Element] = []
    private var oldest = 0

    init(capacity: Int) {
        precondition(capacity > 0, "a memory holds something")
        self.capacity = capacity
    }

    func contains(_ element: Element) -> Bool { elements.contains(element) }

    /// Does nothing when the element is there already.
    mutating func insert(_ element: Element) {
        guard elements.insert(element).inserted else { return }
        if ring.count < capacity {
            ring.append(element)
        } else {
            elements.remove(ring[oldest])
            ring[oldest] = element
            oldest = (oldest + 1) % capacity
        }
    }
}
