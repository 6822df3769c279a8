// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import SyncPlanner

extension Judgement {
    /// What a verdict of the one door means for completeness.
    init(_ verdict: Verdict) {
        switch verdict {
        case .stored(let sequence): self = .stored(CommitPosition(sequence.rawValue))
        case .ephemeral, .duplicate, .superseded: self = .known
        case .rejected(.deleted), .rejected(.expired), .rejected(.vanished): self = .known
        case .rejected(.wrongID), .rejected(.badSignature): self = .forged
        case .held, .heldForLength: self = .held
        case .rejected, .shadowed: self = .refused
        case .failed: self = .failed
        }
    }
}
