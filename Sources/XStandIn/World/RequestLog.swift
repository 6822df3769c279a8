// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

internal import DequeModule

/// A request that the stand-in has seen.
public struct XSeenRequest: Hashable, Sendable {
    /// 1 for the first.
    public let number: UInt64
    public let at: XInstant
    public let method: String
    /// As it came, with its query.
    public let target: String
    /// The template of its route, such as `GET /2/users/:id/tweets`; nil: none fits.
    public let route: String?
    /// Who asked: `app`, `user:ID`, or nil.
    public let credential: String?
    /// The beginning of its body.
    public let body: String
    /// What was answered; 0: nothing was.
    public let status: Int
    /// Micro-dollars.
    public let billed: Int64
}

/// The latest requests, and how many there were of each route.
public struct RequestLog: Sendable {
    private var entries: Deque<XSeenRequest> = []
    /// By route; what fits none counts as `other`.
    public private(set) var counts: [String: Int] = [:]

    mutating func append(_ request: XSeenRequest, bound: Int) {
        entries.append(request)
        counts[request.route ?? "other", default: 0] += 1
        while entries.count > bound { entries.removeFirst() }
    }

    /// Everything that is remembered, the oldest first.
    public var all: [XSeenRequest] { Array(entries) }

    /// The latest ones.
    public func latest(_ count: Int) -> [XSeenRequest] { Array(entries.suffix(count)) }

    /// Forgets the requests and their counts.
    public mutating func clear() {
        entries.removeAll()
        counts = [:]
    }
}
