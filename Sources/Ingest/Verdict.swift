// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import EventStore

/// What became of one event at the one door.
public enum Verdict: Sendable, Equatable {
    /// On disk, in this commit.
    case stored(CommitSequence)
    /// Handed to followers of the feed; never written.
    case ephemeral
    case duplicate
    /// A newer version is stored.
    case superseded
    /// Its sender is told that it was stored, and it is not.
    case shadowed
    /// Refused for now; a copy waits in the holding area for something that makes it acceptable.
    case held
    /// Held, and it would have been stored were it not longer than what is taken from anyone.
    case heldForLength
    case rejected(Rejection)
    /// It could not be judged; says why. Nothing of it is kept.
    case failed(String)

    /// The door is full at this moment.
    public static let busy = Verdict.failed(busyReason)
    static let busyReason = "busy, try again later"

    /// A row that was required is another by now; nothing of the submission was kept.
    public static let conflict = Verdict.failed(conflictReason)
    static let conflictReason = "what this goes by has changed meanwhile"

    /// Whether it was judged; otherwise the sender may try again.
    public var isFinal: Bool {
        if case .failed = self { false } else { true }
    }
}
