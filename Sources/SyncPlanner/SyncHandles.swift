// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// One conversation with one relay: a new number each time it is dialled.
///
/// What arrives under an old number is ignored, so a late message can never touch a new conversation.
public struct LinkID: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let relay: RelayURL
    public let number: UInt64

    public init(relay: RelayURL, number: UInt64) {
        self.relay = relay
        self.number = number
    }

    public static func < (a: LinkID, b: LinkID) -> Bool { (a.relay, a.number) < (b.relay, b.number) }
    public var description: String { "\(relay)#\(number)" }
}

/// Some items asked together; they confirm or fail together.
public struct BatchID: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let number: UInt64
    public init(_ number: UInt64) { self.number = number }
    public static func < (a: BatchID, b: BatchID) -> Bool { a.number < b.number }
    public var description: String { "\(number)" }
}

/// Some events handed to the one door together.
public struct SubmissionID: Hashable, Sendable, Comparable {
    public let number: UInt64
    public init(_ number: UInt64) { self.number = number }
    public static func < (a: SubmissionID, b: SubmissionID) -> Bool { a.number < b.number }
}

/// One filter of one batch that is reconciled (NIP-77): a new number for each try.
public struct ReconciliationID: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let link: LinkID
    public let number: UInt64
    let batch: BatchID

    public static func < (a: ReconciliationID, b: ReconciliationID) -> Bool {
        (a.number, a.link) < (b.number, b.link)
    }
    public var description: String { "\(number) of \(link)" }
}

/// One question to our own store.
public struct StoreQuestionID: Hashable, Sendable, Comparable {
    public let number: UInt64
    public init(_ number: UInt64) { self.number = number }
    public static func < (a: StoreQuestionID, b: StoreQuestionID) -> Bool { a.number < b.number }
}

/// A place in the store's commit feed.
public struct CommitPosition: Hashable, Sendable, Comparable {
    public let number: UInt64
    public init(_ number: UInt64) { self.number = number }
    public static let start = CommitPosition(0)
    public static func < (a: CommitPosition, b: CommitPosition) -> Bool { a.number < b.number }
}
