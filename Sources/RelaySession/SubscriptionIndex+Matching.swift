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
        if questions.count == 0 { return }
        test(ValueHash(event.id), event, report)
        test(author, event, report)
        test(kind, event, report)
        var scanner = TagScanner(event.layout)
        while let tag = scanner.next(in: event.json.span) {
            guard let value = ValueHash(tag, in: event.json.span) else { continue }
            frequencies.note(value)
            test(value, event, report)
        }
        if wordEntries > 0 { testWords(event, report) }
        for question in rest { test(question, event, report) }
    }

    /// Tests what is filed under the event's words, each word once: most events have none that anybody waits for.
    private mutating func testWords(_ event: Event, _ report: (LiveSubscriber) -> Void) {
        SearchedText.forEachWord(of: event.layout, json: event.json.span) { word, _ in
            test(ValueHash(word), event, report)
            return true
        }
    }

    /// The subscribers that want the event.
    public mutating func matches(_ event: Event) -> [LiveSubscriber] {
        var found: [LiveSubscriber] = []
        forEachMatch(event) { found.append($0) }
        return found
    }

    private mutating func test(_ value: ValueHash, _ event: Event, _ report: (LiveSubscriber) -> Void) {
        switch byValue[value] {
        case .one(let question)?: test(question, event, report)
        case .many(let questions)?: for question in questions { test(question, event, report) }
        case EntryList.none?, nil: break
        }
    }

    private mutating func test(_ question: Int, _ event: Event, _ report: (LiveSubscriber) -> Void) {
        guard questions[question].tested != eventNumber else { return }
        questions[question].tested = eventNumber
        guard questions[question].filter.matches(event) else { return }
        switch questions[question].askers {
        case .none: break
        case .one(let member): self.report(member: member, report)
        case .many(let members): for member in members { self.report(member: member, report) }
        }
    }

    private mutating func report(member: Int, _ report: (LiveSubscriber) -> Void) {
        guard memberSlots[member].reported != eventNumber else { return }
        memberSlots[member].reported = eventNumber
        report(memberSlots[member].subscriber)
    }
}
