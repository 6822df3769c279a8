// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a path means to the moderation page.
enum ModerationPath: Hashable, Sendable {
    case list
    case item(UInt64)
    /// Decisions, one or many.
    case decisions
    case trail
    case moderators
    case signIn, signOut
    case style, script
    case apiItems
    case apiItem(UInt64)
    case apiDecisions

    /// What all paths begin with.
    static let root = "/moderation"

    /// - Returns: `nil` for a path that is somebody else's.
    init?(_ path: some StringProtocol) {
        let words = path.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        guard path.utf8.count <= 200, words.count > 1, words[0].isEmpty, words[1] == "moderation" else {
            return nil
        }
        switch Array(words[2...]) {
        case [], [""]: self = .list
        case ["decisions"]: self = .decisions
        case ["trail"]: self = .trail
        case ["moderators"]: self = .moderators
        case ["sign-in"]: self = .signIn
        case ["sign-out"]: self = .signOut
        case ["style.css"]: self = .style
        case ["script.js"]: self = .script
        case ["api", "items"]: self = .apiItems
        case ["api", "decisions"]: self = .apiDecisions
        case let more where more.count == 2 && more[0] == "items":
            guard let number = Self.number(more[1]) else { return nil }
            self = .item(number)
        case let more where more.count == 3 && more[0] == "api" && more[1] == "items":
            guard let number = Self.number(more[2]) else { return nil }
            self = .apiItem(number)
        default: return nil
        }
    }

    var text: String {
        switch self {
        case .list: Self.root
        case .item(let number): "\(Self.root)/items/\(number)"
        case .decisions: "\(Self.root)/decisions"
        case .trail: "\(Self.root)/trail"
        case .moderators: "\(Self.root)/moderators"
        case .signIn: "\(Self.root)/sign-in"
        case .signOut: "\(Self.root)/sign-out"
        case .style: "\(Self.root)/style.css"
        case .script: "\(Self.root)/script.js"
        case .apiItems: "\(Self.root)/api/items"
        case .apiItem(let number): "\(Self.root)/api/items/\(number)"
        case .apiDecisions: "\(Self.root)/api/decisions"
        }
    }

    var isAPI: Bool {
        switch self {
        case .apiItems, .apiItem, .apiDecisions: true
        default: false
        }
    }

    /// Spelled as we spell it, so that one thing has one path.
    private static func number(_ text: String) -> UInt64? {
        UInt64(text).flatMap { "\($0)" == text ? $0 : nil }
    }
}
