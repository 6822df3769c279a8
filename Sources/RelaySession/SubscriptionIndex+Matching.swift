// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

extension SubscriptionIndex {
    /// Reports every subscriber that wants the event, each once, in no particular order.
    ///
    /// - Complexity: O(tags of the event + candidates); see ``SubscriptionIndex``.
    public mutating func forEachMatch(_ event: Event, _ report: (LiveSubscriber) -> Void) {
        eventNumber += 1
        let (author, kind) = (ValueHash(event.pubkey), ValueHash(event.kind))
        frequencies.note(author)
        frequencies.note(kind)
        if entries.count == 0 { return }
        test(ValueHash(event.id), event, report)
        test(author, event, report)
        test(kind, event, report)
        var scanner = TagScanner(event.layout)
        while let tag = scanner.next(in: event.json.span) {
            guard let value = ValueHash(tag, in: event.json.span) else { continue }
            frequencies.note(value)
            test(value, event, report)
        }
        test(rest, event, report)
    }

    /// The subscribers that want the event.
    public mutating func matches(_ event: Event) -> [LiveSubscriber] {
        var found: [LiveSubscriber] = []
        forEachMatch(event) { found.append($0) }
        return found
    }

    private mutating func test(_ value: ValueHash, _ event: Event, _ report: (LiveSubscriber) -> Void) {
        switch byValue[value] {
        case .one(let entry): test(CollectionOfOne(entry), event, report)
        case .many(let entries): test(entries, event, report)
        case nil: break
        }
    }

    private mutating func test(
        _ list: some Collection<Int>, _ event: Event, _ report: (LiveSubscriber) -> Void
    ) {
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
