// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NostrCore

/// Messages that wait for earlier ones, and when to stop reading more.
struct Backlog: Sendable {
    enum Message: Sendable {
        case usable(ClientMessage)
        /// Maybe one that came too soon, besides.
        case unusable(ClientMessageError, isHasty: Bool)
        /// More than the client may ask for now.
        case limited(ClientMessage, wait: Duration)
    }

    /// A message with its length in **bytes** and when it came.
    typealias Entry = (message: Message, size: Int, arrived: Uptime)

    private var messages: Deque<Entry> = []
    private var bytes = 0
    private let messageLimit: Int
    private let byteLimit: Int

    init(messageLimit: Int, byteLimit: Int) {
        self.messageLimit = messageLimit
        self.byteLimit = byteLimit
    }

    var isEmpty: Bool { messages.isEmpty }
    var first: Message? { messages.first?.message }
    /// No more should be read.
    var isFull: Bool { messages.count >= messageLimit || bytes >= byteLimit }
    /// More may be read again.
    var hasRoom: Bool { messages.count <= messageLimit / 2 && bytes <= byteLimit / 2 }

    mutating func append(_ entry: Entry) {
        messages.append(entry)
        bytes += entry.size
    }

    mutating func removeFirst() -> Entry? {
        guard let next = messages.popFirst() else { return nil }
        bytes -= next.size
        // A resting client holds no room for a backlog.
        if messages.isEmpty { messages = [] }
        return next
    }
}

extension ClientMessage {
    /// Whether it costs something: ending things does not.
    var asksForSomething: Bool {
        switch self {
        case .close, .negentropyClose: false
        default: true
        }
    }
}
