// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The last names, to tell what comes again.
struct RecentNames {
    private var names: Set<String> = []
    private var order: [String] = []
    private var oldest = 0

    /// Whether it is new.
    mutating func insert(_ name: String, keeping most: Int) -> Bool {
        guard names.insert(name).inserted else { return false }
        if order.count < most {
            order.append(name)
        } else {
            names.remove(order[oldest])
            order[oldest] = name
            oldest = (oldest + 1) % most
        }
        return true
    }
}
