// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import TestSupport

/// Events that are found by what filters ask, without looking at every one.
struct EventShelf {
    private(set) var events: [EventID: Event] = [:]
    private var tagged: [Label: Set<EventID>] = [:]
    private var ofKind: [Kind: Set<EventID>] = [:]

    private struct Label: Hashable {
        let letter: UInt8
        let value: TagValue
    }

    subscript(id: EventID) -> Event? { events[id] }

    mutating func insert(_ event: Event) {
        events[event.id] = event
        ofKind[event.kind, default: []].insert(event.id)
        for label in labels(of: event) { tagged[label, default: []].insert(event.id) }
    }

    @discardableResult mutating func remove(_ id: EventID) -> Event? {
        guard let event = events.removeValue(forKey: id) else { return nil }
        ofKind[event.kind]?.remove(id)
        for label in labels(of: event) { tagged[label]?.remove(id) }
        return event
    }

    /// What matches, newest first.
    func matching(_ filter: Filter) -> [Event] {
        candidates(filter).compactMap { events[$0] }.filter(filter.matches).sorted(by: Event.newestFirst)
    }

    /// The same of several filters, each event once.
    func matching(_ filters: [Filter]) -> [Event] {
        guard filters.count != 1 else { return matching(filters[0]) }
        var found: [EventID: Event] = [:]
        for event in filters.lazy.flatMap(matching) { found[event.id] = event }
        return found.values.sorted(by: Event.newestFirst)
    }

    private func candidates(_ filter: Filter) -> Set<EventID> {
        if let condition = filter.tags.first {
            return condition.values.reduce(into: []) { ids, value in
                ids.formUnion(tagged[Label(letter: condition.letter, value: value)] ?? [])
            }
        }
        if let ids = filter.ids { return Set(ids) }
        guard let kinds = filter.kinds else { return Set(events.keys) }
        return kinds.reduce(into: []) { $0.formUnion(ofKind[$1] ?? []) }
    }

    private func labels(of event: Event) -> [Label] {
        var scanner = TagScanner(event.layout)
        let json = event.json.span
        var labels: [Label] = []
        while let tag = scanner.next(in: json) {
            guard let letter = tag.letter(in: json), let value = tag.value(in: json) else { continue }
            labels.append(Label(letter: letter, value: value))
        }
        return labels
    }
}
