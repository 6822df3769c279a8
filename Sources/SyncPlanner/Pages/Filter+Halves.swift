// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

extension Filter {
    /// Two filters that together match what this one does; `nil` when no condition has two values.
    var halves: (Filter, Filter)? {
        var (first, second) = (self, self)
        func cut<Value>(_ values: [Value]?) -> ([Value], [Value])? {
            guard let values, values.count > 1 else { return nil }
            let middle = values.count / 2
            return (Array(values[..<middle]), Array(values[middle...]))
        }
        for index in tags.indices {
            if let (a, b) = cut(tags[index].values) {
                (first.tags[index].values, second.tags[index].values) = (a, b)
                return (first, second)
            }
        }
        if let (a, b) = cut(ids) {
            (first.ids, second.ids) = (a, b)
        } else if let (a, b) = cut(authors) {
            (first.authors, second.authors) = (a, b)
        } else if let (a, b) = cut(kinds) {
            (first.kinds, second.kinds) = (a, b)
        } else {
            return nil
        }
        return (first, second)
    }
}
