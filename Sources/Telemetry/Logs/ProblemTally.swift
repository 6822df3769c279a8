// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Warnings and errors by what they say, the newest of each kept. Their facts are not: those hold strangers' words.
public struct ProblemTally: Hashable, Sendable {
    /// Different problems that are remembered; beyond it the one that was seen least lately is forgotten.
    public static let most = 64
    /// **Bytes** of one's words.
    static let wordsMax = 200

    /// One kind of problem.
    public struct Problem: Hashable, Sendable {
        /// The logger that told it.
        public let source: String
        /// The constant words of the log line.
        public let words: String
        public var isError: Bool
        public var count = 0
        /// **Milliseconds** since 1970.
        public var last: Int64
    }

    private struct Key: Hashable {
        let source: String
        let words: String
    }

    private var problems: [Key: Problem] = [:]

    public init() {}

    public mutating func add(_ source: String, _ words: String, isError: Bool, at now: Int64) {
        let words = String(decoding: LogText.cut(words, to: Self.wordsMax), as: UTF8.self)
        let key = Key(source: source, words: words)
        if problems[key] == nil, problems.count == Self.most,
            let oldest = problems.min(by: { $0.value.last < $1.value.last })?.key
        {
            problems[oldest] = nil
        }
        var problem = problems[key] ?? Problem(source: source, words: words, isError: isError, last: now)
        problem.count += 1
        problem.isError = isError
        problem.last = max(problem.last, now)
        problems[key] = problem
    }

    /// The latest first.
    public var list: [Problem] {
        problems.values.sorted { ($1.last, $0.words) < ($0.last, $1.words) }
    }
}
