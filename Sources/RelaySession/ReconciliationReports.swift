// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How far the set of a reconciliation was read.
public enum GatherReport: Hashable, Sendable {
    case more
    case ready
    /// More than `most` events match.
    case tooMany(most: Int)
    /// Other sets take the room there is.
    case noRoom
    case failed(ReadFailure)
}

/// What came of a client's message in a reconciliation.
public enum ReconciliationReport: Hashable, Sendable {
    /// There is an answer; it is sent only when ``SessionAction/sendAnswer(_:)`` says so.
    case ready
    /// The message cannot be understood.
    case invalid(String)
    case failed(ReadFailure)
}
