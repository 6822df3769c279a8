// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore
import TestSupport

/// What came out of a reconciliation.
struct Differences: Equatable {
    var have: Set<EventID> = []
    var need: Set<EventID> = []
    var rounds = 0
}

extension NostrClient {
    /// Reconciles these items with what the relay has, to the end.
    func reconcile(
        _ id: String, _ filter: String, having events: [Event], frameBytes: Int? = nil
    ) async throws -> Differences {
        let items = NegentropyArray(events.map { NegentropyItem($0.createdAt, $0.id) })
        var client = NegentropyClient(limits: NegentropyLimits(frameBytes: frameBytes))
        var next: [UInt8]? = try client.begin(from: items)
        try await say("[\"NEG-OPEN\",\"\(id)\",\(filter),\"\(Hex.string(next ?? []))\"]")
        var found = Differences()
        while next != nil {
            let message = try await hear()
            guard case .negentropyMessage(let name, let text) = message, name.text == TagValue(id),
                let bytes = Hex.decode(text.bytes.span, count: text.bytes.count / 2)
            else { throw Unexpected(message: message) }
            let step = try client.take(bytes, with: items)
            found.have.formUnion(step.have)
            found.need.formUnion(step.need)
            found.rounds += 1
            next = step.message
            if let next { try await say("[\"NEG-MSG\",\"\(id)\",\"\(Hex.string(next))\"]") }
        }
        try await say("[\"NEG-CLOSE\",\"\(id)\"]")
        return found
    }

    /// Opens a reconciliation with a client that has nothing; the answer.
    func negOpen(_ id: String, _ filter: String, _ message: String = "6100000200") async throws
        -> RelayMessage
    {
        try await say("[\"NEG-OPEN\",\"\(id)\",\(filter),\"\(message)\"]")
        return try await hear()
    }

    func negMessage(_ id: String, _ message: String = "6100000200") async throws -> RelayMessage {
        try await say("[\"NEG-MSG\",\"\(id)\",\"\(message)\"]")
        return try await hear()
    }
}
