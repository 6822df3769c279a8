// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NIOConcurrencyHelpers
import NIOPosix
import NostrCore
import SyncEngine
import SyncPlanner

/// What a stream reads of our store, and of what the relay says of itself; on threads that nobody else needs.
struct StreamReading: Sendable {
    let line: StreamLine
    let world: StreamWorld
    let place: Sightings.Place?

    /// Commits read at a time.
    private static let commits = 16

    func prepare() async throws -> (set: StreamSets.Held?, StreamCourse.Preparation) {
        let information = await SyncRun.readInformation(of: line.relay, world.connector)
        let manners = StreamCourse.Manners(information)
        guard world.sets.hasRoom else { return (nil, .noRoom(manners)) }
        switch try await gather() {
        case .tooMany: return (nil, .tooMany(manners))
        case .set(let set):
            return try await onThread { [world, line] in
                let (held, first) = try world.sets.hold(
                    set, of: line.filter, in: world.store, frameBytes: SyncRun.frameBytes(information))
                return (held, .set(first: first, count: set.count, manners))
            }
        }
    }

    /// Reads our set page by page, so that others have their turn between two.
    private func gather() async throws -> StoredSetReading.End {
        let reading = NIOLockedValueBox(
            StoredSetReading(
                line.filter, scope: Reconciler.scope(of: line.filter), now: world.clock.wall(),
                most: StreamSets.events))
        while true {
            let end = try await onThread { [world] in
                try reading.withLockedValue { try $0.readPage(of: world.store, budget: PageBudget()) }
            }
            if let end { return end }
        }
    }

    func step(_ text: TagValue, _ set: StreamSets.Held?) async throws -> StreamCourse.Heard {
        try await onThread { try set?.step(text) ?? .stepped(nil) }
    }

    func follow(after position: CommitSequence) async throws -> StreamCourse.Heard {
        try await onThread { [world, place] in
            let page = try world.store.feed.commits(after: position, limit: Self.commits)
            // What came from the relay was seen before it was committed.
            return .followed(page, seen: place.map(world.sightings.take) ?? [])
        }
    }

    func load(_ ids: [EventID]) async throws -> [Event] {
        try await onThread { [world] in
            var events: [Event] = []
            for id in ids { if let event = try world.store.event(id) { events.append(event) } }
            return events
        }
    }

    private func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await world.threads.runIfActive(body)
    }
}

/// Ids that our own door does not want, or has though they are in no set: private messages of relays that list them.
final class RefusedIDs: Sendable {
    private let box = NIOLockedValueBox<[EventID]>([])

    var ids: [EventID] { box.withLockedValue { $0 } }

    @Sendable func note(_ id: EventID, _ verdict: Verdict) {
        switch verdict {
        case .stored, .ephemeral, .failed: break
        // A bad copy says nothing of a good one.
        case .rejected(.wrongID), .rejected(.badSignature): break
        case .duplicate, .superseded, .shadowed, .held, .heldForLength, .rejected:
            box.withLockedValue { $0.append(id) }
        }
    }
}

extension StreamCourse.Manners {
    /// Within what the relay says that it takes; one subscription is the live one's.
    init(_ information: UpstreamInformation?) {
        limits = SyncCourseLimits(information)
        if let most = information?.maxSubscriptions {
            limits.requests = max(1, min(limits.requests, most - 2))
        }
        pages = UpstreamLimits(
            maxFilters: 1, pageSize: min(500, information?.maxLimit ?? 500),
            pageSizeMax: min(5_000, information?.maxLimit ?? 5_000))
        messageLength = information?.maxMessageLength
    }
}

extension StreamCourse.Heard {
    init?(_ report: UpstreamReport, feed: @autoclosure () -> CommitSequence) {
        switch report {
        case .opened: self = .opened(feed())
        case .failed(let failure, _, let detail):
            self = .lost("cannot be reached: \(failure.explanation)" + (detail.map { ": \($0)" } ?? ""))
        case .received(let messages, let unreadable, _):
            self = .received(messages, unreadable: unreadable)
        case .skipping: return nil
        case .skipped: self = .skipped
        case .closed(let end): self = .lost(end.rawValue)
        }
    }
}

extension ClientMessage {
    /// About how many **bytes** of text it is.
    var length: Int {
        switch self {
        case .event(let event), .authenticate(let event): return event.event.json.count + 10
        case .negentropyMessage(_, let text): return text.bytes.count + 20
        case .request, .count, .close, .negentropyOpen, .negentropyClose:
            var text: [UInt8] = []
            appendJSON(to: &text)
            return text.count
        }
    }
}
