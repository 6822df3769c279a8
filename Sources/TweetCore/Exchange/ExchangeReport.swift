// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What an import or an export has done so far.
public struct ExchangeReport: Hashable, Sendable, Codable {
    /// What came in or went out, by kind.
    public var done: [String: Int] = [:]
    /// What was there already.
    public var known = 0
    /// What is of no use here: files of other programs, media files.
    public var ignored = 0
    /// What could not be read, counted without bound.
    public var damaged = 0
    /// The first ``mostProblems`` of those.
    public var problems: [Problem] = []

    public static let mostProblems = 1_000

    public init() {}

    public enum Item: String, Hashable, Sendable, CaseIterable {
        case posts, users, media, gone, cursors, values, mirrors, accounts, events, files
        /// Posts that wait to be mirrored because of it.
        case queued
    }

    /// Something that could not be read.
    public struct Problem: Hashable, Sendable, Codable {
        /// A file, and a line of it where that helps.
        public var place: String
        public var reason: String
    }

    public subscript(_ item: Item) -> Int { done[item.rawValue, default: 0] }

    public mutating func count(_ item: Item, _ number: Int = 1) {
        if number > 0 { done[item.rawValue, default: 0] += number }
    }

    public mutating func damage(_ place: String, _ reason: String) {
        damaged += 1
        if problems.count < Self.mostProblems { problems.append(Problem(place: place, reason: reason)) }
    }
}
