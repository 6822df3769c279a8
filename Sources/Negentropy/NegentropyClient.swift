// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// The side that asks (NIP-77), from its first message until nothing differs any more.
///
/// It keeps no items between messages, so that its set may change meanwhile: what came in the meantime is not asked for.
public struct NegentropyClient: Sendable {
    /// What came out of one message.
    public struct Step: Sendable {
        /// What to send next; `nil` at the end.
        public var message: [UInt8]?
        /// Ids that only we have, each told once.
        public var have: [EventID]
        /// Ids that only the other side has, each told once.
        public var need: [EventID]

        public init(message: [UInt8]?, have: [EventID], need: [EventID]) {
            (self.message, self.have, self.need) = (message, have, need)
        }
    }

    private let limits: NegentropyLimits
    // Where a message was cut off, what differs is found again.
    private var have: Set<EventID> = []
    private var need: Set<EventID> = []
    /// Messages taken so far.
    public private(set) var rounds = 0

    public init(limits: NegentropyLimits) { self.limits = limits }

    /// The first message.
    public func begin<Storage: NegentropyStorage>(
        from storage: Storage
    ) throws(ReconciliationError<Storage.Failure>) -> [UInt8] {
        var answer = Answer(storage, limits: limits, isClient: true)
        try answer.begin()
        return answer.bytes
    }

    /// What follows from the other side's message.
    public mutating func take<Storage: NegentropyStorage>(
        _ message: [UInt8], with storage: Storage
    ) throws(ReconciliationError<Storage.Failure>) -> Step {
        rounds += 1
        var answer = Answer(storage, limits: limits, isClient: true)
        try answer.take(message)
        let found = answer.differences
        let step = Step(
            message: answer.bytes.count > 1 ? answer.bytes : nil,
            have: found.have.filter { have.insert($0).inserted },
            need: found.need.filter { need.insert($0).inserted })
        let roundsMax =
            NegentropyLimits.roundsMin + (storage.count + need.count) / NegentropyLimits.itemsPerRound
        if step.message != nil, rounds > roundsMax { throw .message(.endless) }
        return step
    }
}
