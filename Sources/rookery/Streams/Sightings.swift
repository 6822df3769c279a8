// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore
import SyncEngine
import SyncPlanner

/// What relays that are sent something were heard to have in other conversations, until those who send look.
///
/// Gathering and other streams may talk to the same relay: what they are given by it must not be sent back either.
final class Sightings: Sendable {
    /// Ids of one relay that wait for one who sends to it; beyond, the oldest are forgotten.
    static let most = 32_768

    private struct State {
        var waiting: [RelayURL: [UInt64: [EventID]]] = [:]
        var nextPlace: UInt64 = 0
    }

    private let state = NIOLockedValueBox(State())

    /// One who sends to a relay.
    struct Place: Sendable {
        fileprivate let relay: RelayURL
        fileprivate let number: UInt64
    }

    func enter(_ relay: RelayURL) -> Place {
        state.withLockedValue { state in
            state.nextPlace += 1
            state.waiting[relay, default: [:]][state.nextPlace] = []
            return Place(relay: relay, number: state.nextPlace)
        }
    }

    func leave(_ place: Place) {
        state.withLockedValue { state in
            state.waiting[place.relay]?[place.number] = nil
            if state.waiting[place.relay]?.isEmpty == true { state.waiting[place.relay] = nil }
        }
    }

    /// What was seen since the last look.
    func take(_ place: Place) -> [EventID] {
        state.withLockedValue { state in
            defer { state.waiting[place.relay]?[place.number]?.removeAll() }
            return state.waiting[place.relay]?[place.number] ?? []
        }
    }

    /// The relay has given these.
    func note(_ messages: [RelayMessage], of relay: RelayURL, except place: Place? = nil) {
        state.withLockedValue { state in
            guard var places = state.waiting.removeValue(forKey: relay) else { return }
            let ids = messages.compactMap { if case .event(_, let event) = $0 { event.id } else { nil } }
            for number in places.keys where number != place?.number {
                places[number]?.append(contentsOf: ids)
                if let count = places[number]?.count, count > Self.most {
                    places[number]?.removeFirst(count - Self.most / 2)
                }
            }
            state.waiting[relay] = places
        }
    }
}

/// Opens conversations for others and takes note of what they bring.
struct SightingConnector: UpstreamConnector {
    let inner: any UpstreamConnector
    let sightings: Sightings

    func connect(
        _ relay: RelayURL, namedBy namer: Namer, report: @escaping @Sendable (UpstreamReport) -> Void
    ) -> any UpstreamConnection {
        inner.connect(relay, namedBy: namer) { [sightings] news in
            // Before it can be stored.
            if case .received(let messages, _, _) = news { sightings.note(messages, of: relay) }
            report(news)
        }
    }

    func readInformation(
        of relay: RelayURL, namedBy namer: Namer,
        report: @escaping @Sendable (UpstreamInformation?) -> Void
    ) {
        inner.readInformation(of: relay, namedBy: namer, report: report)
    }
}
