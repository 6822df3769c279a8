// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

extension SubscriptionIndex {
    /// Reports every subscriber that wants the event, each once, in no particular order.
    ///
    /// - Complexity: O(tags of the event + candidates); see ``SubscriptionIndex``.
    public mutating func forEachMatch(_ event: Event, _ report: (Subscriber) -> Void) {
        eventNumber += 1
        frequencies.note(author: event.pubkey, kind: event.kind)
        if entries.count == 0 { return }
        if let list = byID[event.id] { test(list, event, report) }
        if let list = byAuthor[event.pubkey] { test(list, event, report) }
        if let list = byKind[event.kind] { test(list, event, report) }
        var scanner = TagScanner(event.layout)
        while let tag = scanner.next(in: event.json.span) {
            guard let letter = tag.letter(in: event.json.span), let value = tag.value(in: event.json.span)
            else { continue }
            frequencies.note(letter: letter, value: value.bytes.span)
            if let list = byTag[TagKey(letter: letter, value: value)] { test(list, event, report) }
        }
        test(rest, event, report)
    }

    /// The subscribers that want the event.
    public mutating func matches(_ event: Event) -> [Subscriber] {
        var found: [Subscriber] = []
        forEachMatch(event) { found.append($0) }
        return found
    }

    private mutating func test(_ list: [Int], _ event: Event, _ report: (Subscriber) -> Void) {
        for entry in list where entries[entry].tested != eventNumber {
            entries[entry].tested = eventNumber
            let member = entries[entry].subscription
            guard memberSlots[member].reported != eventNumber, entries[entry].filter.matches(event) else {
                continue
            }
            memberSlots[member].reported = eventNumber
            report(memberSlots[member].subscriber)
        }
    }
}
