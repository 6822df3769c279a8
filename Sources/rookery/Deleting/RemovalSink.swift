// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore

/// Who removes what is named: the door of a store of our own, or the daemon that has it.
protocol RemovalSink: ~Copyable {
    /// - Returns: how many were there and are gone; `nil` when it could not be done now.
    mutating func remove(_ order: RemovalOrder) async throws -> Int?
}

/// Asks the daemon through its control socket.
struct DaemonRemovals: RemovalSink, ~Copyable {
    private var client: ControlClient

    init(_ client: consuming ControlClient) { self.client = client }

    mutating func remove(_ order: RemovalOrder) async throws -> Int? {
        try client.ask(ControlRequest(command: .remove, removal: ControlRemoval(order))).removed
    }
}

/// Removes from a store that nobody else writes to.
struct OwnRemovals: RemovalSink, ~Copyable {
    let ingest: Ingest

    mutating func remove(_ order: RemovalOrder) async throws -> Int? { await ingest.remove(order) }
}

/// A removal as it is written to the control socket.
struct ControlRemoval: Codable, Hashable, Sendable {
    var ids: [String]
    var leavesTombstones: Bool
    var sparesLinksFrom: UInt64?

    init(_ order: RemovalOrder) {
        ids = order.ids.map(\.hex)
        leavesTombstones = order.leavesTombstones
        sparesLinksFrom = order.sparesLinksFrom
    }

    /// `nil` when something in it is no id, or when there are too many.
    var order: RemovalOrder? {
        let known = ids.compactMap { EventID(hex: $0) }
        guard known.count == ids.count, ids.count <= RemovalOrder.idsMax else { return nil }
        return RemovalOrder(
            ids: known, leavesTombstones: leavesTombstones, sparesLinksFrom: sparesLinksFrom)
    }
}
