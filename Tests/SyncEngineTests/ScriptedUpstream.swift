// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import SyncEngine
import SyncPlanner
import TestSupport

/// Relays without sockets: each holds events and answers as NIP-01 says.
final class ScriptedUpstreams: UpstreamConnector {
    private let relays = NIOLockedValueBox<[RelayURL: Relay]>([:])

    struct Relay: Sendable {
        var events: [Event] = []
        var isDown = false
        var connections: [ScriptedConnection] = []
        /// Every REQ that was received.
        var requests: [[Filter]] = []
        var dials = 0
    }

    func relay(_ url: RelayURL) -> Relay { relays.withLockedValue { $0[url] ?? Relay() } }

    /// Stores events and hands them to those who follow live.
    func publish(_ events: [Event], at url: RelayURL) {
        let connections = relays.withLockedValue { relays in
            relays[url, default: Relay()].events += events
            return relays[url]?.connections ?? []
        }
        for connection in connections { connection.deliver(events) }
    }

    /// Cuts every connection; while it is down, dials fail.
    func setDown(_ isDown: Bool, _ url: RelayURL) {
        let connections = relays.withLockedValue { relays in
            relays[url, default: Relay()].isDown = isDown
            defer { if isDown { relays[url]?.connections = [] } }
            return isDown ? relays[url]?.connections ?? [] : []
        }
        for connection in connections { connection.drop() }
    }

    func connect(
        _ relay: RelayURL, namedBy namer: Namer, report: @escaping @Sendable (UpstreamReport) -> Void
    ) -> any UpstreamConnection {
        let connection = ScriptedConnection(relay, of: self, report: report)
        let isDown = relays.withLockedValue { relays in
            relays[relay, default: Relay()].dials += 1
            guard relays[relay]?.isDown == false else { return true }
            relays[relay]?.connections.append(connection)
            return false
        }
        report(isDown ? .failed(.tcp) : .opened)
        return connection
    }

    /// The stored part of a REQ.
    func answer(_ filters: [Filter], at url: RelayURL) -> [Event] {
        relays.withLockedValue { relays in
            relays[url, default: Relay()].requests.append(filters)
            let events = (relays[url]?.events ?? []).sorted(by: Event.newestFirst)
            var ids: Set<EventID> = []
            for filter in filters {
                ids.formUnion(events.filter(filter.matches).prefix(filter.limit ?? 500).map(\.id))
            }
            return events.filter { ids.contains($0.id) }
        }
    }
}

/// One conversation with a scripted relay.
final class ScriptedConnection: UpstreamConnection {
    private struct State {
        var subscriptions: [SubscriptionID: [Filter]] = [:]
        var isOver = false
    }

    private let url: RelayURL
    private let upstreams: ScriptedUpstreams
    private let report: @Sendable (UpstreamReport) -> Void
    private let state = NIOLockedValueBox(State())

    init(
        _ url: RelayURL, of upstreams: ScriptedUpstreams, report: @escaping @Sendable (UpstreamReport) -> Void
    ) {
        self.url = url
        self.upstreams = upstreams
        self.report = report
    }

    func send(_ messages: [ClientMessage]) {
        for message in messages {
            switch message {
            case .request(let id, let filters):
                state.withLockedValue { $0.subscriptions[id] = filters }
                let stored = upstreams.answer(filters, at: url)
                tell(stored.map { .event(id, ParsedEvent(event: $0)) } + [.endOfStoredEvents(id)])
            case .close(let id): state.withLockedValue { $0.subscriptions[id] = nil }
            default: break
            }
        }
    }

    func deliver(_ events: [Event]) {
        let subscriptions = state.withLockedValue { $0.subscriptions }
        for (id, filters) in subscriptions {
            let matching = events.filter { event in filters.contains { $0.matches(event) } }
            if !matching.isEmpty { tell(matching.map { .event(id, ParsedEvent(event: $0)) }) }
        }
    }

    func drop() {
        guard !state.withLockedValue({ $0.isOver }) else { return }
        report(.closed(.lost))
        state.withLockedValue { $0.isOver = true }
    }

    func pauseReading() {}
    func resumeReading() {}
    func close() { state.withLockedValue { $0.isOver = true } }

    private func tell(_ messages: [RelayMessage]) {
        guard !state.withLockedValue({ $0.isOver }) else { return }
        report(.received(messages, unreadable: 0, byteCount: 100 * messages.count))
    }
}
