// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing

@testable import RelayServer

/// Somebody is asked about requests, and answers when the test says so.
final class PatientPolicy: ReadPolicy {
    typealias Asked = (request: ReadRequest, reply: @Sendable (ReadOpinion) -> Void)
    private let asked = NIOLockedValueBox<[Asked]>([])

    var requests: [ReadRequest] { asked.withLockedValue { $0.map(\.request) } }

    func judge(_ request: ReadRequest, reply: @escaping @Sendable (ReadOpinion) -> Void) {
        asked.withLockedValue { $0.append((request, reply)) }
    }

    /// Waits until so many questions are open.
    func hear(_ count: Int, _ at: SourceLocation = #_sourceLocation) async throws -> [ReadRequest] {
        try await eventually("\(count) are asked about", within: .seconds(60)) {
            self.requests.count == count
        }
        return requests
    }

    /// Answers the oldest question.
    func answer(_ opinion: ReadOpinion) {
        asked.withLockedValue { $0.removeFirst() }.reply(opinion)
    }
}
