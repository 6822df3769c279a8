// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The side that was asked (NIP-77). It keeps nothing between messages, so that its set may change meanwhile.
public struct NegentropyServer: Hashable, Sendable {
    public var limits: NegentropyLimits

    public init(limits: NegentropyLimits) { self.limits = limits }

    /// What to say to a client's message. One byte alone tells that nothing differs, or which version we speak.
    public func answer<Storage: NegentropyStorage>(
        _ message: [UInt8], from storage: Storage
    ) throws(ReconciliationError<Storage.Failure>) -> [UInt8] {
        var answer = Answer(storage, limits: limits, isClient: false)
        try answer.take(message)
        return answer.bytes
    }
}
