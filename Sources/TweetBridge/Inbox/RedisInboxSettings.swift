// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// Where the older stack's producers push what is to be posted.
public struct RedisInboxSettings: Sendable {
    public var address: RedisAddress
    /// The list; `:processing` and `:rejected` behind it are the names of two more.
    public var list = "write_queue"
    /// Whether an item that says that it is approved is believed. Where it is not, everything waits for a moderator here.
    public var trustsApproval = false
    /// Items that are kept in the list of what was refused.
    public var rejectedMax = 1_000
    /// **Bytes** of an item that are kept there.
    public var rejectedBytes = 4_096
    /// **Milliseconds** for which one question waits for an item.
    public var wait = 5_000
    /// **Milliseconds** before a lost connection is tried again: the first, and the most.
    public var backoff: (first: Int64, most: Int64) = (250, 30_000)

    public init(_ address: RedisAddress) { self.address = address }

    var processing: String { "\(list):processing" }
    var rejected: String { "\(list):rejected" }
}

/// Told what the inbox does: it must only count.
public struct InboxNews: Sendable {
    public enum Event: Hashable, Sendable {
        case connected
        /// There is no connection, or something could not be kept.
        case interrupted
        /// An item is in the durable queue; `known`: it was before.
        case taken(action: String, QueueMessage.Standing, known: Bool)
        case rejected(String)
    }

    public var tell: @Sendable (Event) -> Void
    public init(_ tell: @escaping @Sendable (Event) -> Void = { _ in }) { self.tell = tell }
}
