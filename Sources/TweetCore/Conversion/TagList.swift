// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Tags in the order in which they are added.
struct TagList {
    private(set) var tags: [Tag] = []
    private var people: Set<PublicKey> = []

    mutating func add(_ elements: String...) { tags.append(Tag(elements)) }

    /// Nothing where an equal tag is there already.
    mutating func addOnce(_ elements: String...) {
        let tag = Tag(elements)
        if !tags.contains(tag) { tags.append(tag) }
    }

    mutating func add(_ elements: [String]) { tags.append(Tag(elements)) }

    /// A `p` tag, unless there is one for this key, or too many are there.
    mutating func add(person: PublicKey) {
        guard people.count < ConversionLimits.people else { return }
        if people.insert(person).inserted { add("p", person.hex) }
    }
}
