// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What one transaction did to the stored events.
public struct Commit: Sendable {
    public let sequence: CommitSequence
    /// Stored by this commit and, when read from the log, not removed since. In the order of writing.
    public let stored: [Event]
    /// The store's number of each of ``stored``: from 1, ever higher from event to event and commit to commit, and the
    /// same whether the commit comes from memory or from the log.
    public let numbers: [UInt64]
    public let removed: [Removal]
    /// Whether nothing of ``stored`` follows; only pieces of the feed end inside a commit.
    public let isWhole: Bool
    /// Whether nobody may be given any more what was committed before and is gone now: somebody vanished (NIP-62), or the
    /// operator removed something. Only commits that happen now say it.
    public let takesBack: Bool

    public init(
        sequence: CommitSequence, stored: [Event], numbers: [UInt64], removed: [Removal],
        isWhole: Bool = true, takesBack: Bool = false
    ) {
        precondition(stored.count == numbers.count, "every stored event has a number")
        self.sequence = sequence
        self.stored = stored
        self.numbers = numbers
        self.removed = removed
        self.isWhole = isWhole
        self.takesBack = takesBack
    }
}

extension Commit {
    /// The part numbered above `number`, at least one event and no more once they hold `bytes`.
    func part(above number: UInt64, bytes: Int) -> Commit {
        let start = numbers.firstIndex { $0 > number } ?? numbers.count
        var (end, rest) = (start, bytes)
        while end < stored.count, rest > 0 || end == start {
            rest -= stored[end].json.count
            end += 1
        }
        if start == 0, end == stored.count { return self }
        return Commit(
            sequence: sequence, stored: Array(stored[start..<end]), numbers: Array(numbers[start..<end]),
            removed: removed, isWhole: isWhole && end == stored.count)
    }
}

/// An event that a commit took away.
public struct Removal: Hashable, Sendable {
    public var id: EventID
    public var kind: Kind
    public var pubkey: PublicKey
    /// Of replaceable and addressable events.
    public var address: EventAddress?
    public var reason: RemovalReason

    public init(id: EventID, kind: Kind, pubkey: PublicKey, address: EventAddress?, reason: RemovalReason) {
        self.id = id
        self.kind = kind
        self.pubkey = pubkey
        self.address = address
        self.reason = reason
    }
}

/// Why an event was removed. The numbers are stored.
public enum RemovalReason: UInt8, Hashable, Sendable, CaseIterable {
    /// A newer version took its address.
    case replaced = 1
    /// NIP-09.
    case deleted = 2
    /// NIP-40.
    case expired = 3
    /// NIP-62.
    case vanished = 4
    case `operator` = 5
}
