// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import TweetCore

/// Where anybody leaves what the planner is to know, without waiting; its one reader is woken.
final class FetcherInbox: Sendable {
    /// One, however much there is to be read.
    let rings: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let waiting = NIOLockedValueBox(PlannerInbox())

    init() { (rings, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func add(_ input: BridgeInput) {
        waiting.withLockedValue { $0.add(input) }
        bell.yield()
    }

    func takeAll() -> [BridgeInput] { waiting.withLockedValue { $0.takeAll() } }
}
