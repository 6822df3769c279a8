// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Walks all stored events, oldest first, some at a time; holds no transaction in between.
public struct AgeWalk: Sendable {
    /// One stored event.
    public struct Visit {
        /// The store's number of it: higher for what was stored later.
        public let number: UInt64
        public let header: EventHeader
        fileprivate let share: EventShare

        /// What goes with it, in **bytes** as ``LiveBytes`` counts them.
        public func bytes(_ json: Span<UInt8>) -> Int { share.bytes(header, json: json) }
    }

    private var last: [UInt8]?
    private var isAtEnd = false

    public init() {}

    /// Hands out up to so many events.
    ///
    /// - Parameter visit: gets JSON that is valid only inside the call; `false` ends the page after that event.
    /// - Returns: whether there is more.
    public mutating func readPage(
        of store: EventStore, events: Int, visit: (Visit, _ json: Span<UInt8>) -> Bool
    ) throws(StoreError) -> Bool {
        if isAtEnd { return false }
        let snapshot = try ReadTransaction(store.environment)
        let share = EventShare(in: store)
        var cursor = try Cursor(snapshot, store.schema[.created])
        // What stood at the last place may be gone: the place before whatever follows it is right in any case.
        var isThere =
            if let last, try cursor.seek(last.span) { try cursor.previous() } else { try cursor.last() }
        for _ in 0..<events where isThere {
            last = cursor.key.withUnsafeBufferPointer { Array($0) }
            let serial = Posting(endOf: cursor.key).serial
            if let record = try snapshot.record(serial, store.schema) {
                let found = Visit(number: serial.rawValue, header: try record.header(), share: share)
                let text = try record.text()
                if !visit(found, text.json) { return true }
            }
            isThere = try cursor.previous()
        }
        isAtEnd = !isThere
        return isThere
    }
}
