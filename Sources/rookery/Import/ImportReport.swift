// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest

/// What became of lines of events.
struct ImportReport: Codable, Hashable, Sendable {
    /// How many lines ended how; see ``Outcome``.
    private(set) var counts: [String: Int] = [:]
    /// The first lines that were not taken, with why.
    private(set) var problems: [Problem] = []
    /// Why it was broken off: the store could take nothing more, in which case the lines it concerns count as failed,
    /// or nothing more could be read.
    private(set) var failure: String?

    /// More problems than these are counted and not listed.
    static let problemsMax = 20

    struct Problem: Codable, Hashable, Sendable {
        /// Counted from 1.
        var line: Int
        var reason: String
    }

    /// The ways a line can end, in the order in which they are shown.
    enum Outcome: String, CaseIterable, Sendable {
        case stored, ephemeral, duplicate, superseded, held, refused, malformed, failed
    }

    subscript(outcome: Outcome) -> Int { counts[outcome.rawValue] ?? 0 }

    /// Lines that ended in any way; empty ones are none.
    var total: Int { counts.values.reduce(0, +) }

    mutating func count(_ verdict: Verdict, line: Int) {
        let outcome = Outcome(verdict)
        count(outcome)
        switch verdict {
        case .rejected: note(line, verdict.ok.message)
        case .failed(let reason): failure = failure ?? reason
        case .stored, .ephemeral, .duplicate, .superseded, .shadowed, .held, .heldForLength: break
        }
    }

    mutating func count(malformed reason: String, line: Int) {
        count(.malformed)
        note(line, reason)
    }

    /// Adds the report of lines that began after `offset` others.
    mutating func add(_ other: ImportReport, after offset: Int) {
        counts.merge(other.counts, uniquingKeysWith: +)
        for problem in other.problems { note(offset + problem.line, problem.reason) }
        failure = failure ?? other.failure
    }

    /// Nothing more could be read or sent.
    mutating func breakOff(_ reason: String) { failure = failure ?? reason }

    private mutating func count(_ outcome: Outcome) { counts[outcome.rawValue, default: 0] += 1 }

    private mutating func note(_ line: Int, _ reason: String) {
        guard problems.count < Self.problemsMax else { return }
        problems.append(Problem(line: line, reason: reason))
    }
}

extension ImportReport.Outcome {
    init(_ verdict: Verdict) {
        self =
            switch verdict {
            case .stored: .stored
            case .ephemeral: .ephemeral
            case .duplicate: .duplicate
            case .superseded: .superseded
            case .shadowed: .refused
            case .held, .heldForLength: .held
            case .rejected(.wrongID), .rejected(.badSignature): .malformed
            case .rejected: .refused
            case .failed: .failed
            }
    }
}
