// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The number of a connection of the activity stream.
public typealias StreamID = UInt64

/// What the app wants to be told of.
public struct XSubscription: Hashable, Sendable {
    public let id: UInt64
    /// `post.create`, `post.delete`, `profile.update.bio`, …
    public let eventType: String
    public let user: XUserID
    public var tag: String?
    public let createdAt: XInstant
    public var updatedAt: XInstant
    /// With whose consent; nil: with the app's own token.
    public let consent: XUserID?
}

/// Subscriptions and connections of the activity stream, and what is to be written to them.
struct ActivityBoard: Sendable {
    var subscriptions: [UInt64: XSubscription] = [:]
    var streams: [StreamID] = []
    var streamCount: StreamID = 0
    /// Lines, with their ends, for all streams that were open when they were made.
    var deliveries: [Delivery] = []
    /// So many events are delivered twice.
    var doubling = 0
    /// So many events are lost.
    var losing = 0
    /// Streams that the server is to end.
    var ending: [StreamID] = []
    /// How many events were delivered.
    var delivered = 0

    struct Delivery: Hashable, Sendable {
        var streams: [StreamID]
        var line: [UInt8]
    }
}

extension XWorld {
    /// Everything the app has subscribed to, the oldest first.
    public var subscriptions: [XSubscription] { activity.subscriptions.values.sorted { $0.id < $1.id } }

    /// How many streams are open.
    public var openStreams: Int { activity.streams.count }

    /// Events delivered so far, doubles not counted.
    public var deliveredEvents: Int { activity.delivered }

    /// The next events are delivered twice.
    public mutating func doubleEvents(_ count: Int) { activity.doubling = count }

    /// The next events are not delivered, though the stream stays open.
    public mutating func loseEvents(_ count: Int) { activity.losing = count }

    /// Puts a line on all streams as it stands: what is no JSON, or half of it.
    public mutating func sayOnStreams(_ line: String) {
        guard !activity.streams.isEmpty, activity.deliveries.count < limits.waitingEvents else { return }
        activity.deliveries.append(.init(streams: activity.streams, line: Array(line.utf8) + [13, 10]))
    }

    /// Ends all streams.
    public mutating func dropStreams() {
        activity.ending += activity.streams
        activity.streams = []
    }

    /// A stream has ended; the server says so.
    mutating func closeStream(_ id: StreamID) { activity.streams.removeAll { $0 == id } }

    /// What is to be written and ended, once.
    mutating func takeDeliveries() -> (lines: [ActivityBoard.Delivery], ending: [StreamID]) {
        defer {
            activity.deliveries.removeAll(keepingCapacity: true)
            activity.ending = []
        }
        return (activity.deliveries, activity.ending)
    }

    /// - Throws: ``XRefusal/noSuchUser``, ``XRefusal/full`` beyond the limit of subscriptions.
    @discardableResult
    public mutating func subscribe(
        to eventType: String, of user: XUserID, tag: String? = nil, consent: XUserID? = nil
    ) throws(XRefusal) -> UInt64 {
        guard users[user] != nil else { throw .noSuchUser }
        guard activity.subscriptions.count < limits.subscriptions else { throw .full }
        let id = makeID()
        activity.subscriptions[id] = XSubscription(
            id: id, eventType: eventType, user: user, tag: tag, createdAt: now, updatedAt: now,
            consent: consent)
        return id
    }
}
