// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession

extension Conversation {
    /// A client of a relay that offers negentropy and guards private messages.
    static func reconciling(
        bounds: SessionLimits = SessionLimits(), limits: RelayLimits = RelayLimits()
    ) -> Conversation {
        var features = RelayFeatures()
        features.negentropy = true
        features.guardedKinds = RelayFeatures.privateKinds
        return Conversation(limits: limits, bounds: bounds, features: features)
    }

    mutating func open(
        _ id: SubscriptionID, _ filter: Filter = Filter(), _ message: TagValue = "61", size: Int = 100,
        at second: Int64 = 0
    ) -> [SessionAction] {
        session.reduce(
            .message(.negentropyOpen(id, filter, message), size: size, at: Uptime(seconds: second)))
    }

    mutating func tell(
        _ id: SubscriptionID, _ message: TagValue = "61", at second: Int64 = 0
    ) -> [SessionAction] {
        session.reduce(.message(.negentropyMessage(id, message), size: 100, at: Uptime(seconds: second)))
    }

    mutating func gathered(_ number: UInt64, _ report: GatherReport = .ready) -> [SessionAction] {
        session.reduce(.gathered(ScanNumber(number: number), report))
    }

    mutating func reconciled(
        _ number: UInt64, _ report: ReconciliationReport = .ready, at second: Int64 = 0
    ) -> [SessionAction] {
        session.reduce(.reconciled(ScanNumber(number: number), report, at: Uptime(seconds: second)))
    }

    /// Opens a reconciliation and has its first message answered.
    mutating func reconcile(_ id: SubscriptionID, as number: UInt64, at second: Int64 = 0) {
        _ = open(id, at: second)
        _ = gathered(number)
        _ = reconciled(number, at: second)
    }
}

extension Uptime {
    init(seconds: Int64) { self.init(nanoseconds: seconds * 1_000_000_000) }
}

extension SessionAction {
    static func gather(_ number: UInt64, _ filter: Filter = Filter(), at second: Int64 = 0) -> SessionAction {
        .gather(ScanNumber(number: number), filter, arrived: Uptime(seconds: second))
    }
    static func reconcile(
        _ number: UInt64, _ id: SubscriptionID, _ message: TagValue = "61"
    ) -> SessionAction {
        .reconcile(ScanNumber(number: number), id, message)
    }
    static func sendAnswer(_ number: UInt64) -> SessionAction { .sendAnswer(ScanNumber(number: number)) }
    static func dropSet(_ number: UInt64) -> SessionAction { .dropSet(ScanNumber(number: number)) }
    static func negErr(_ id: SubscriptionID, _ message: String, most: Int? = nil) -> SessionAction {
        .send(.negentropyError(id, message: message, most: most))
    }
}
