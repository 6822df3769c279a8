// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

extension SyncInput {
    /// One line, without the events' bytes.
    var brief: String {
        switch self {
        case .start(let rows): "start, \(rows.count) rows"
        case .followed(let stored, let removed, let through):
            "followed to \(through.number): \(stored.map(\.brief)), \(removed.count) removed"
        case .found(let id, let events, _): "found \(id.number): \(events.map(\.brief))"
        case .absent(let id, let references): "absent \(id.number): \(references.count)"
        case .received(let link, let messages): "\(link): \(messages.map(\.brief))"
        case .judged(let id, let judgements): "judged \(id.number): \(judgements)"
        default: "\(self)"
        }
    }
}

extension SyncEffect {
    /// One line, without the events' bytes.
    var brief: String {
        switch self {
        case .open(let link, let id, let filters): "\(link) REQ \(id) \(filters.map(\.canonicalJSON))"
        case .submit(let id, let link, let events):
            "submit \(id.number) of \(link): \(events.map(\.event.brief))"
        case .write(let rows): "write \(rows.count) rows"
        default: "\(self)"
        }
    }
}

extension RelayMessage {
    var brief: String {
        switch self {
        case .event(let id, let event): "\(id) \(event.event.brief)"
        case .endOfStoredEvents(let id, _): "\(id) EOSE"
        case .closed(let id, _): "\(id) CLOSED"
        default: "\(self)"
        }
    }
}

extension Event {
    var brief: String { "\(kind):\(id.hex.suffix(4))@\(createdAt)" }
}
