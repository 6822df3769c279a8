// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

/// One item as lists show it.
struct ItemLine: Hashable, Sendable {
    var item: ModerationItem
    /// `post`, or what a job does: `tweet`, `delete`.
    var action: String
    /// A handle with its `@`, or the number of an account; empty where it is nobody's.
    var who: String

    /// By which a form names it, as it was when it was looked at: `number.revision`.
    var name: String { "\(item.number).\(item.revision)" }

    /// Reads ``name``.
    static func read(_ name: String) -> (number: UInt64, revision: UInt32)? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = UInt64(parts[0]), let revision = UInt32(parts[1]) else {
            return nil
        }
        return (number, revision)
    }

    /// What may be said about it now.
    var verdicts: [ModerationDecision.Verdict] {
        ModerationDecision.Verdict.allCases.filter { item.state.mayBecome($0.state) }
    }
}
