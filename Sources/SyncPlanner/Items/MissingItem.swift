// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// One item that is wanted of a relay and not complete, and why.
public struct MissingItem: Hashable, Sendable {
    public let item: SyncItem
    public let state: State

    public enum State: Hashable, Sendable {
        /// It failed so often, last for this reason, and is asked again after a while.
        case failed(reason: String, attempts: Int, retryIn: Duration)
        /// It is being asked for.
        case pending
        /// Nothing was wrong: its turn has not come.
        case queued
    }
}

extension SyncPlanner {
    /// The first of the items that are missing from a relay: failed ones first, then those that are read, then the
    /// others.
    func missing(from entry: RelayEntry, inFlight: ItemSet, at now: Uptime, atMost limit: Int)
        -> [MissingItem]
    {
        var missing: [MissingItem] = []
        for number in entry.setbacks.items.subtracting(inFlight).prefix(limit) {
            guard let setback = entry.setbacks[number] else { continue }
            missing.append(
                MissingItem(
                    item: items[number],
                    state: .failed(
                        reason: setback.reason, attempts: setback.attempts,
                        retryIn: setback.notBefore.map { max(.zero, $0 - now) } ?? .zero)))
        }
        for number in inFlight.prefix(limit - missing.count) {
            missing.append(MissingItem(item: items[number], state: .pending))
        }
        let untried = entry.queue.subtracting(entry.setbacks.items)
        for number in untried.prefix(limit - missing.count) {
            missing.append(MissingItem(item: items[number], state: .queued))
        }
        return missing
    }
}

extension SyncItem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .announcements: "announcements"
        case .repository(let address): "repository \(address)"
        case .root(let id): "root \(id.hex)"
        case .deletions(let author): "deletions by \(author.hex)"
        case .comment(let id): "comment \(id.hex)"
        case .reference(.event(let id)): "reference \(id.hex)"
        case .reference(.address(let address)): "reference \(address)"
        }
    }
}
